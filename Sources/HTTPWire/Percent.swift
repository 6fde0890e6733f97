internal import Primitives

/// Percent-encoding of URLs (RFC 3986, 2.1).
enum Percent {
    /// Whether the bytes, decoded, are valid UTF-8 without NUL and every escape is whole.
    static func isValid(_ bytes: Span<UInt8>) -> Bool {
        guard let decoded = decodeBytes(bytes, plusIsSpace: false) else { return false }
        for byte in decoded where byte == 0 { return false }
        return String(validating: decoded, as: UTF8.self) != nil
    }

    /// The decoded text of bytes that were found valid; what is not becomes U+FFFD.
    static func decode(_ bytes: Span<UInt8>, plusIsSpace: Bool) -> String {
        guard let decoded = decodeBytes(bytes, plusIsSpace: plusIsSpace) else {
            return String(utf8: bytes)
        }
        return String(decoding: decoded, as: UTF8.self)
    }

    /// The decoded bytes; nil where an escape is not whole.
    static func decodeBytes(_ bytes: Span<UInt8>, plusIsSpace: Bool) -> [UInt8]? {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "%") {
                guard index + 2 < bytes.count, let high = ASCII.hexDigit(bytes[index + 1]),
                    let low = ASCII.hexDigit(bytes[index + 2])
                else { return nil }
                decoded.append(high << 4 | low)
                index += 3
                continue
            }
            decoded.append(plusIsSpace && byte == UInt8(ascii: "+") ? 32 : byte)
            index += 1
        }
        return decoded
    }
}
