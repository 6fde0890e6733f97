internal import Primitives

/// Structured fields of HTTP (RFC 9651): what is read of them here, with the place that each value has in its text.
enum StructuredField {
    /// A value without parameters.
    enum Bare: Sendable, Hashable {
        case integer(Int64)
        /// A number with a fraction, as it is written.
        case decimal(String)
        case string(String)
        case token(String)
        case bytes([UInt8])
        case boolean(Bool)
        /// Seconds since 1970.
        case date(Int64)
    }

    /// A value and its parameters; of repeated ones the last counts.
    struct Item: Sendable, Hashable {
        /// The value.
        let value: Bare
        /// The parameters, in order.
        let parameters: [Parameter]

        /// The value of a parameter.
        subscript(name: String) -> Bare? { parameters.first { $0.name == name }?.value }
    }

    /// A parameter.
    struct Parameter: Sendable, Hashable {
        let name: String
        let value: Bare
    }

    /// What stands under a key of a dictionary.
    enum Member: Sendable, Hashable {
        /// One item.
        case item(Item)
        /// A list in parentheses, with its parameters.
        case list([Item], parameters: [Parameter])
    }

    /// A member of a dictionary.
    struct Entry: Sendable, Hashable {
        let key: String
        let member: Member
        /// The member's text as it came, without the key.
        let text: String
    }

    /// How many members, items or parameters are read.
    static let countMax = 128

    /// Reads a dictionary (section 4.2.2), of whose repeated keys the last counts; nil where the text is none.
    static func dictionary(_ text: String) -> [Entry]? {
        var reader = StructuredReader(text)
        return reader.dictionary()
    }
}

/// Reads the text of a structured field from its start to its end (RFC 9651, section 4.2).
struct StructuredReader {
    private let bytes: [UInt8]
    private var at = 0

    /// Begins to read.
    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    private var next: UInt8? { at < bytes.count ? bytes[at] : nil }

    /// The text from a place up to here.
    private func text(from start: Int) -> String {
        String(decoding: bytes[start..<at], as: UTF8.self)
    }

    private mutating func take(_ byte: Character) -> Bool {
        guard next == byte.asciiValue else { return false }
        at += 1
        return true
    }

    private mutating func skip(tabs: Bool = false) {
        while next == 32 || tabs && next == 9 { at += 1 }
    }

    /// Reads a whole dictionary.
    mutating func dictionary() -> [StructuredField.Entry]? {
        var entries: [StructuredField.Entry] = []
        skip()
        if next == nil { return [] }
        while entries.count < StructuredField.countMax {
            guard let key = key() else { return nil }
            let start: Int
            let member: StructuredField.Member
            if take("=") {
                start = at
                guard let found = self.member() else { return nil }
                member = found
            } else {
                start = at
                guard let parameters = parameters() else { return nil }
                member = .item(.init(value: .boolean(true), parameters: parameters))
            }
            entries.removeAll { $0.key == key }
            entries.append(.init(key: key, member: member, text: text(from: start)))
            skip(tabs: true)
            if next == nil { return entries }
            guard take(",") else { return nil }
            skip(tabs: true)
            // A comma at the end is none of the grammar.
            if next == nil { return nil }
        }
        return nil
    }

    private mutating func member() -> StructuredField.Member? {
        guard next == UInt8(ascii: "(") else { return item().map { .item($0) } }
        at += 1
        var items: [StructuredField.Item] = []
        while items.count < StructuredField.countMax {
            skip()
            if take(")") {
                guard let parameters = parameters() else { return nil }
                return .list(items, parameters: parameters)
            }
            guard let item = item() else { return nil }
            items.append(item)
            guard next == 32 || next == UInt8(ascii: ")") else { return nil }
        }
        return nil
    }

    private mutating func item() -> StructuredField.Item? {
        guard let value = bare(), let parameters = parameters() else { return nil }
        return .init(value: value, parameters: parameters)
    }

    private mutating func parameters() -> [StructuredField.Parameter]? {
        var all: [StructuredField.Parameter] = []
        while take(";") {
            skip()
            guard all.count < StructuredField.countMax, let name = key() else { return nil }
            var value = StructuredField.Bare.boolean(true)
            if take("=") {
                guard let found = bare() else { return nil }
                value = found
            }
            all.removeAll { $0.name == name }
            all.append(.init(name: name, value: value))
        }
        return all
    }

    private mutating func key() -> String? {
        let start = at
        guard let first = next, first == UInt8(ascii: "*") || Self.isLower(first) else {
            return nil
        }
        while let byte = next,
            Self.isLower(byte) || Self.isDigit(byte) || "_-.*".utf8.contains(byte)
        {
            at += 1
        }
        return text(from: start)
    }

    private mutating func bare() -> StructuredField.Bare? {
        switch next {
        case UInt8(ascii: "\"")?: return string()
        case UInt8(ascii: ":")?: return byteSequence()
        case UInt8(ascii: "?")?:
            at += 1
            if take("1") { return .boolean(true) }
            return take("0") ? .boolean(false) : nil
        case UInt8(ascii: "@")?:
            at += 1
            guard case .integer(let seconds)? = number() else { return nil }
            return .date(seconds)
        case let byte? where byte == UInt8(ascii: "-") || Self.isDigit(byte): return number()
        case let byte? where byte == UInt8(ascii: "*") || Self.isLetter(byte): return token()
        default: return nil
        }
    }

    private mutating func string() -> StructuredField.Bare? {
        at += 1
        var out: [UInt8] = []
        while let byte = next {
            at += 1
            switch byte {
            case UInt8(ascii: "\""): return .string(String(decoding: out, as: UTF8.self))
            case UInt8(ascii: "\\"):
                guard let escaped = next, escaped == 34 || escaped == 92 else { return nil }
                at += 1
                out.append(escaped)
            case 0x20...0x7e: out.append(byte)
            default: return nil
            }
        }
        return nil
    }

    private mutating func byteSequence() -> StructuredField.Bare? {
        at += 1
        let start = at
        while let byte = next, byte != UInt8(ascii: ":") { at += 1 }
        let inside = bytes[start..<at]
        guard take(":"), !inside.contains(UInt8(ascii: "-")), !inside.contains(UInt8(ascii: "_")),
            let decoded = Base64Text.bytes(of: inside.span)
        else { return nil }
        return .bytes(decoded)
    }

    private mutating func number() -> StructuredField.Bare? {
        let start = at
        let isNegative = take("-")
        let digits = digits()
        guard (1...15).contains(digits) else { return nil }
        if take(".") {
            let fraction = self.digits()
            guard digits <= 12, (1...3).contains(fraction) else { return nil }
            return .decimal(text(from: start))
        }
        let first = isNegative ? start + 1 : start
        let magnitude = bytes[first..<at].reduce(Int64(0)) { $0 * 10 + Int64($1 - 48) }
        return .integer(isNegative ? -magnitude : magnitude)
    }

    private mutating func digits() -> Int {
        let start = at
        while let byte = next, Self.isDigit(byte), at - start < 16 { at += 1 }
        return at - start
    }

    private mutating func token() -> StructuredField.Bare? {
        let start = at
        while let byte = next,
            Self.isLetter(byte) || Self.isDigit(byte) || "!#$%&'*+-.^_`|~:/".utf8.contains(byte)
        {
            at += 1
        }
        return .token(text(from: start))
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
    private static func isLower(_ byte: UInt8) -> Bool { (97...122).contains(byte) }
    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 97 < 26 }
}
