internal import Documents
internal import JSONWire

extension Parser {
    /// Reads a number as RFC 8259, section 6, writes it; one that fits 64 bits is an integer.
    mutating func number() throws(SyntaxError) -> JSONValue {
        let start = offset
        while let byte = peek,
            Characters.isName(byte) || byte == UInt8(ascii: ".") || isExponentSign(byte)
        {
            offset += 1
        }
        let text = map.text(start..<offset)
        guard let canonical = NumberText.canonical(text), canonical == text else {
            throw error("`\(text)` is not a number", start..<max(offset, start + 1))
        }
        return .number(text: text)
    }

    /// Whether a byte is the plus of an exponent; its minus is part of a name anyway.
    private func isExponentSign(_ byte: UInt8) -> Bool {
        guard byte == UInt8(ascii: "+"), let before = self.byte(at: offset - 1) else {
            return false
        }
        return before | 0x20 == UInt8(ascii: "e")
    }

    /// Reads text in double or single quotes, with the escapes of RFC 8259, section 7, and of the quote itself.
    mutating func quoted() throws(SyntaxError) -> String {
        let (start, quote) = (offset, peek)
        var text: [UInt8] = []
        offset += 1
        while let byte = peek {
            if byte == quote {
                offset += 1
                return String(decoding: text, as: UTF8.self)
            }
            if byte == UInt8(ascii: "\\") {
                try escape(into: &text)
            } else {
                text.append(byte)
                offset += 1
            }
        }
        var problem = error("this text has no closing quote", start..<start + 1)
        problem.isUnclosed = true
        throw problem
    }

    private mutating func escape(into text: inout [UInt8]) throws(SyntaxError) {
        let start = offset
        let mark = byte(at: offset + 1) ?? 0
        offset += 2
        switch mark {
        case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "\\"), UInt8(ascii: "/"),
            UInt8(ascii: "$"):
            text.append(mark)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "u"):
            let scalar = try escapedScalar(start)
            text.append(contentsOf: Character(scalar).utf8)
        default:
            throw error(
                "there is no escape like this; a backslash itself is `\\\\`",
                start..<start + 2
            )
        }
    }

    /// Reads the digits of `\u00e9`, and of a second one that makes a pair of surrogates.
    private mutating func escapedScalar(_ start: Int) throws(SyntaxError) -> Unicode.Scalar {
        guard let first = hexadecimal() else {
            throw error("`\\u` is followed by four hexadecimal digits", start..<start + 2)
        }
        if let scalar = Unicode.Scalar(first) { return scalar }
        if first < 0xDC00, isLookingAt("\\u") {
            offset += 2
            if let second = hexadecimal(), (0xDC00...0xDFFF).contains(second),
                let scalar = Unicode.Scalar(
                    0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
                )
            {
                return scalar
            }
        }
        throw error("half a surrogate pair is not a character", start..<offset)
    }

    private mutating func hexadecimal() -> UInt16? {
        var value: UInt16 = 0
        for place in offset..<offset + 4 {
            guard let byte = byte(at: place),
                let digit = Character(Unicode.Scalar(byte)).hexDigitValue
            else { return nil }
            value = value << 4 | UInt16(digit)
        }
        offset += 4
        return value
    }
}
