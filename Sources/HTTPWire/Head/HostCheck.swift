/// The grammar of Host: `uri-host [":" port]` (RFC 9110, 7.2; RFC 3986, 3.2.2).
///
/// An empty host is refused.
package enum HostCheck {
    /// Whether the value is a host, with or without a port.
    package static func isValid(_ value: Span<UInt8>) -> Bool {
        guard !value.isEmpty else { return false }
        if value[0] == UInt8(ascii: "[") { return isLiteral(value) }
        var index = 0
        while index < value.count {
            let byte = value[index]
            if isName(byte) {
                index += 1
            } else if byte == UInt8(ascii: "%") {
                guard isEscape(value, at: index) else { return false }
                index += 3
            } else {
                break
            }
        }
        return index > 0 && isPort(value, from: index)
    }

    /// Whether a byte may stand in a registered name (RFC 3986, 3.2.2).
    @inline(__always)
    private static func isName(_ byte: UInt8) -> Bool {
        // A bit for each of the 128 characters of ASCII.
        let set: UInt64 = byte < 64 ? 0x2BFF_7FD2_0000_0000 : 0x47FF_FFFE_87FF_FFFE
        return byte < 128 && set >> UInt64(byte & 63) & 1 == 1
    }

    /// Whether a percent escape stands at an index.
    private static func isEscape(_ value: Span<UInt8>, at index: Int) -> Bool {
        index + 2 < value.count && ASCII.hexDigit(value[index + 1]) != nil
            && ASCII.hexDigit(value[index + 2]) != nil
    }

    private static func isLiteral(_ value: Span<UInt8>) -> Bool {
        var index = 1
        var colons = 0
        while index < value.count, value[index] != UInt8(ascii: "]") {
            let byte = value[index]
            guard ASCII.hexDigit(byte) != nil || byte == 58 || byte == 46 else { return false }
            if byte == 58 { colons += 1 }
            index += 1
        }
        guard index < value.count, colons >= 2, index <= 46 else { return false }
        return isPort(value, from: index + 1)
    }

    private static func isPort(_ value: Span<UInt8>, from start: Int) -> Bool {
        guard start < value.count else { return true }
        guard value[start] == UInt8(ascii: ":") else { return false }
        var port = 0
        for index in start + 1..<value.count {
            guard value[index] >= 48, value[index] <= 57 else { return false }
            port = port * 10 + Int(value[index] - 48)
            guard port <= 65535 else { return false }
        }
        return true
    }
}
