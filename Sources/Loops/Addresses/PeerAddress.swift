internal import CLibUV

/// Who is at the other end of a connection, as the kernel told at accept; turned to text only when asked.
struct PeerAddress: Sendable {
    private var bytes = [16 of UInt8](repeating: 0)
    private var family: Int32 = 0
    /// The other side's port.
    private(set) var port: UInt16 = 0

    /// Reads what accept filled in.
    init(_ address: sockaddr_storage) {
        var address = address
        var parts = (UInt64(0), UInt64(0))
        unsafe withUnsafeMutableBytes(of: &parts) { raw in
            // Sixteen bytes, as the C function wants; alive for the call.
            let base = unsafe raw.baseAddress?.assumingMemoryBound(to: UInt8.self)
            family = unsafe sluice_address_parts(&address, base, &port)
            for index in 0..<16 { bytes[index] = unsafe raw[index] }
        }
    }

    /// The address without the port: `192.0.2.7`, `2001:db8::1`; an IPv4 one mapped into IPv6 as IPv4.
    var text: String {
        if family == 4 { return dotted(from: 0) }
        if family == 6 { return isMapped ? dotted(from: 12) : colons }
        return "unknown"
    }

    private var isMapped: Bool {
        for index in 0..<10 where bytes[index] != 0 { return false }
        return bytes[10] == 0xff && bytes[11] == 0xff
    }

    private func dotted(from start: Int) -> String {
        (start..<start + 4).map { String(bytes[$0]) }.joined(separator: ".")
    }

    private var colons: String {
        var source = bytes
        var text = [UInt8](repeating: 0, count: 46)
        let done = unsafe sluice_ipv6_text(&source, &text, text.count)
        return done == 0 ? String(decoding: text.prefix { $0 != 0 }, as: UTF8.self) : "unknown"
    }
}
