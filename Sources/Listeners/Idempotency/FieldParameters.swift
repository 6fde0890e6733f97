/// The parameters behind a value of a structured field (RFC 9651, 3.1.2): `;name`, `;name=value`.
enum FieldParameters {
    /// Whether a rest of a field is parameters only, and nothing else.
    ///
    /// Of a value that is no string, only the characters are looked at.
    static func areWellFormed(_ field: ArraySlice<UInt8>) -> Bool {
        var rest = field
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: ";") else { return false }
            rest = rest.drop { $0 == UInt8(ascii: " ") }
            guard takeName(&rest) else { return false }
            guard rest.first == UInt8(ascii: "=") else { continue }
            rest.removeFirst()
            guard takeValue(&rest) else { return false }
        }
        return true
    }

    private static func takeName(_ rest: inout ArraySlice<UInt8>) -> Bool {
        guard let first = rest.first, isLowercase(first) || first == UInt8(ascii: "*") else {
            return false
        }
        rest = rest.drop { isLowercase($0) || isDigit($0) || "_-.*".utf8.contains($0) }
        return true
    }

    private static func takeValue(_ rest: inout ArraySlice<UInt8>) -> Bool {
        guard rest.first == UInt8(ascii: "\"") else {
            let length = rest.prefix { $0 != UInt8(ascii: ";") && isPlain($0) }.count
            rest = rest.dropFirst(length)
            return length > 0
        }
        rest.removeFirst()
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\"") { return true }
            guard (0x20...0x7E).contains(byte) else { return false }
            if byte == UInt8(ascii: "\\") {
                guard let escaped = rest.popFirst(), "\"\\".utf8.contains(escaped) else {
                    return false
                }
            }
        }
        return false
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        (0x21...0x7E).contains(byte) && byte != UInt8(ascii: ",") && byte != UInt8(ascii: "\"")
    }

    private static func isLowercase(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
