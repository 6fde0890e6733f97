internal import Primitives

/// Writes JSON text (RFC 8259): valid UTF-8, compact or indented.
///
/// For texts that are put together by hand; a whole value is written by ``JSONValue/appendJSON(to:)``.
package enum JSONWriter {
    /// Appends a string with its quotes and escapes.
    package static func append(_ text: String, to bytes: inout [UInt8]) {
        JSONText.append(text, to: &bytes)
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
}
