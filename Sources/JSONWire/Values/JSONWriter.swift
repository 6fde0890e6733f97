/// Writes JSON text (RFC 8259): valid UTF-8, compact or indented.
///
/// For texts that are put together by hand; a whole value is written by ``JSONValue/appendJSON(to:)``.
package enum JSONWriter {
    /// Appends a string with its quotes and escapes.
    package static func append(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        if text.utf8.allSatisfy({ !needsEscape($0) }) {
            bytes.append(contentsOf: text.utf8)
        } else {
            for byte in text.utf8 {
                if needsEscape(byte) { appendEscape(byte, to: &bytes) } else { bytes.append(byte) }
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Appends an integer.
    package static func append(_ integer: Int64, to bytes: inout [UInt8]) {
        var digits: [20 of UInt8] = .init(repeating: 0)
        var left = integer.magnitude
        var at = 20
        repeat {
            at -= 1
            digits[at] = UInt8(truncatingIfNeeded: left % 10) + 48
            left /= 10
        } while left > 0
        if integer < 0 { bytes.append(UInt8(ascii: "-")) }
        for index in at..<20 { bytes.append(digits[index]) }
    }

    /// Whether a byte of UTF-8 cannot stand in a string as it is.
    static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private static func appendEscape(_ byte: UInt8, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case 0x08: bytes.append(UInt8(ascii: "b"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0C: bytes.append(UInt8(ascii: "f"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        case 0x00..<0x20:
            bytes.append(contentsOf: "u00".utf8)
            bytes.append(byte < 0x10 ? UInt8(ascii: "0") : UInt8(ascii: "1"))
            let low = byte & 15
            bytes.append(low < 10 ? low + 48 : low + 87)
        default: bytes.append(byte)
        }
    }
}
