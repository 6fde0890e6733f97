internal import Expressions
internal import JSONWire

/// Header fields of a request while it is put together; names compare without case.
struct HeaderFields {
    private(set) var pairs: [(name: String, value: String)] = []

    /// Sets a field; null takes it out.
    mutating func set(_ name: String, _ value: JSONValue) {
        pairs.removeAll { Self.isSame($0.name, name) }
        if !value.isNull { pairs.append((name, TextForm.text(of: value))) }
    }

    /// Sets a field where there is none.
    mutating func setDefault(_ name: String, _ value: String) {
        if self[name] == nil { pairs.append((name, value)) }
    }

    /// The value of a field.
    subscript(name: String) -> String? {
        pairs.first { Self.isSame($0.name, name) }?.value
    }

    /// Whether all names are tokens and no value can break out of its line (RFC 9110, 5.5).
    var areValid: Bool {
        pairs.allSatisfy { pair in
            Self.isToken(pair.name)
                && pair.value.utf8.allSatisfy { $0 == 9 || $0 >= 32 && $0 != 127 }
        }
    }

    /// Whether a text is a token (RFC 9110, 5.6.2).
    static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 48...57, 65...90, 94...122, 124, 126: true
                case 33, 35...39, 42, 43, 45, 46: true
                default: false
                }
            }
    }

    /// Whether two names are the same without regard to case.
    static func isSame(_ left: String, _ right: String) -> Bool {
        left.utf8.count == right.utf8.count
            && zip(left.utf8, right.utf8).allSatisfy { lower($0) == lower($1) }
    }

    private static func lower(_ byte: UInt8) -> UInt8 {
        (65...90).contains(byte) ? byte | 32 : byte
    }
}
