internal import CZlib

/// Codes bodies as senders do: gzip (RFC 1952) and zlib (RFC 1950).
package enum Deflater {
    /// A gzip member.
    package static func gzip(_ bytes: [UInt8]) -> [UInt8] { code([bytes], windowBits: 31) }

    /// A zlib stream.
    package static func zlib(_ bytes: [UInt8]) -> [UInt8] { code([bytes], windowBits: 15) }

    /// The beginning of a gzip member of zeros, at least so many bytes of them, without its end.
    ///
    /// A piece of it is coded once and repeated, so that gigabytes cost nothing.
    package static func zeros(_ count: Int) -> [UInt8] {
        let piece = [UInt8](repeating: 0, count: 1 << 20)
        let one = code([piece], windowBits: 31, isOpen: true)
        let two = code([piece, piece], windowBits: 31, isOpen: true)
        // What the second piece adds is what every further one adds: a full flush forgets all before it.
        let further = two[one.count...]
        var coded = one
        for _ in 0..<max(0, count / piece.count) { coded += further }
        return coded
    }

    private static func code(
        _ pieces: [[UInt8]],
        windowBits: Int32,
        isOpen: Bool = false
    ) -> [UInt8] {
        var stream = unsafe z_stream()
        let begun = unsafe sluice_deflate_init(&stream, windowBits)
        precondition(begun == Z_OK, "zlib has no memory")
        defer { unsafe deflateEnd(&stream) }
        var coded: [UInt8] = []
        for (index, piece) in pieces.enumerated() {
            let isLast = index == pieces.count - 1 && !isOpen
            var room = [UInt8](repeating: 0, count: piece.count + piece.count / 100 + 1024)
            // Both buffers are alive for the call, and zlib is told how long they are; it does not write to its input.
            unsafe piece.withUnsafeBufferPointer { source in
                unsafe room.withUnsafeMutableBufferPointer { target in
                    unsafe stream.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
                    unsafe stream.avail_in = UInt32(source.count)
                    unsafe stream.next_out = target.baseAddress
                    unsafe stream.avail_out = UInt32(target.count)
                    _ = unsafe deflate(&stream, isLast ? Z_FINISH : Z_FULL_FLUSH)
                }
            }
            coded += room.prefix(room.count - Int(unsafe stream.avail_out))
        }
        return coded
    }
}
