/// Percent-encoding (RFC 3986, 2.1; WHATWG URL, 1.3).
@usableFromInline
package enum PercentCode {
    /// A text as one component of a URL: all but letters, digits and `-._~` encoded (RFC 3986, 2.3).
    package static func component(_ text: String) -> String {
        encode(text, keeping: isUnreserved)
    }

    /// A text as a value of a query: as a component, with commas and colons as they are, which mean nothing there.
    package static func queryValue(_ text: String) -> String {
        encode(text) { isUnreserved($0) || $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: ":") }
    }

    /// A text with every byte of UTF-8 encoded that is not to be kept.
    package static func encode(_ text: String, keeping isKept: (UInt8) -> Bool) -> String {
        if text.utf8.allSatisfy(isKept) { return text }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count + 16)
        for byte in text.utf8 {
            if isKept(byte) {
                bytes.append(byte)
            } else {
                bytes.append(UInt8(ascii: "%"))
                bytes.append(digit(byte >> 4))
                bytes.append(digit(byte & 15))
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The decoded text; what is no character becomes U+FFFD.
    package static func decode(_ bytes: Span<UInt8>, plusIsSpace: Bool) -> String {
        String(decoding: decodeBytes(bytes, plusIsSpace: plusIsSpace), as: UTF8.self)
    }

    /// The decoded bytes; a `%` that begins no escape stays.
    package static func decodeBytes(_ bytes: Span<UInt8>, plusIsSpace: Bool) -> [UInt8] {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "%"), let value = escape(bytes, at: index) {
                decoded.append(value)
                index += 3
                continue
            }
            decoded.append(plusIsSpace && byte == UInt8(ascii: "+") ? 32 : byte)
            index += 1
        }
        return decoded
    }

    /// The byte that the escape at a place stands for; nil where none begins there.
    package static func escape(_ bytes: Span<UInt8>, at index: Int) -> UInt8? {
        guard index + 2 < bytes.count, let high = hexDigit(bytes[index + 1]),
            let low = hexDigit(bytes[index + 2])
        else { return nil }
        return high << 4 | low
    }

    /// The value of a hexadecimal digit; nil for another byte.
    @inlinable
    package static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 48...57: byte - 48
        case 65...70: byte - 55
        case 97...102: byte - 87
        default: nil
        }
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122, 45, 46, 95, 126: true
        default: false
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? value + 48 : value + 55
    }
}
