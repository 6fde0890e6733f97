/// The core schema of YAML 1.2 (chapter 10.3): what a scalar is by how it is written.
enum YAMLSchema {
    static let mapTag = "tag:yaml.org,2002:map"
    static let listTag = "tag:yaml.org,2002:seq"
    static let mergeTag = "tag:yaml.org,2002:merge"

    /// What a scalar is.
    enum Resolution {
        case content(Node.Content)
        /// The text is not what its tag says; the tag's kind of value in words.
        case mismatch(expected: String)
        /// A tag that is not of the core schema.
        case unknownTag(String)
    }

    /// Types a scalar by its style, its tag and its text.
    static func content(of text: String, style: YAMLEvent.Style, tag: String?) -> Resolution {
        switch tag {
        case nil:
            return .content(style == .plain ? plain(text) : .text(text))
        case "!", "tag:yaml.org,2002:str", mergeTag:
            return .content(.text(text))
        case "tag:yaml.org,2002:null":
            guard case .null = plain(text) else { return .mismatch(expected: "null") }
            return .content(.null)
        case "tag:yaml.org,2002:bool":
            guard case .bool(let flag) = plain(text) else {
                return .mismatch(expected: "a boolean")
            }
            return .content(.bool(flag))
        case "tag:yaml.org,2002:int":
            guard let integer = integer(text) else { return .mismatch(expected: "an integer") }
            return .content(integer)
        case "tag:yaml.org,2002:float":
            guard integer(text) != nil || isFloat(text) else {
                return .mismatch(expected: "a number")
            }
            return .content(.number(text))
        case .some(let other):
            return .unknownTag(other)
        }
    }

    private static func plain(_ text: String) -> Node.Content {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        default: break
        }
        // Only these can begin a number: the first look keeps text cheap.
        guard let first = text.utf8.first,
            (48...57).contains(first) || first == 43 || first == 45 || first == 46
        else { return .text(text) }
        if let integer = integer(text) { return integer }
        return isFloat(text) ? .number(text) : .text(text)
    }

    /// An integer, or a number where it does not fit 64 bits; nil for anything else.
    private static func integer(_ text: String) -> Node.Content? {
        var digits = Substring(text)
        var radix = 10
        if text.hasPrefix("0x") {
            (digits, radix) = (text.dropFirst(2), 16)
        } else if text.hasPrefix("0o") {
            (digits, radix) = (text.dropFirst(2), 8)
        } else if text.hasPrefix("-") || text.hasPrefix("+") {
            digits = text.dropFirst()
        }
        guard !digits.isEmpty, digits.utf8.allSatisfy({ isDigit($0, radix) }) else { return nil }
        let signed = text.hasPrefix("-") ? "-" + digits : digits
        if let value = Int64(signed, radix: radix) { return .integer(value) }
        return .number(text)
    }

    private static func isDigit(_ byte: UInt8, _ radix: Int) -> Bool {
        switch byte {
        case 48...55: true
        case 56...57: radix >= 10
        case 65...70, 97...102: radix == 16
        default: false
        }
    }

    /// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`, or an infinity, or not a number.
    private static func isFloat(_ text: String) -> Bool {
        switch text {
        case ".nan", ".NaN", ".NAN": return true
        default: break
        }
        var left = Substring(text).utf8
        if left.first == 43 || left.first == 45 { left.removeFirst() }
        switch String(Substring(left)) {
        case ".inf", ".Inf", ".INF": return true
        default: break
        }
        let whole = dropDigits(&left)
        var fraction = 0
        if left.first == 46 {
            left.removeFirst()
            fraction = dropDigits(&left)
        }
        guard whole > 0 || fraction > 0 else { return false }
        if left.first == 101 || left.first == 69 {
            left.removeFirst()
            if left.first == 43 || left.first == 45 { left.removeFirst() }
            guard dropDigits(&left) > 0 else { return false }
        }
        return left.isEmpty
    }

    private static func dropDigits(_ text: inout Substring.UTF8View) -> Int {
        let before = text.count
        text = text.drop { (48...57).contains($0) }
        return before - text.count
    }
}
