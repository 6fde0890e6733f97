internal import JSONWire

/// Estimates how much memory a value holds, for the bound on a run's state.
enum Weight {
    /// The bytes of a value, about; shared parts count each time.
    static func of(_ value: JSONValue) -> Int {
        switch value {
        case .null, .bool, .integer: 0
        case .number(let number): text(number.text)
        case .string(let string): text(string)
        case .array(let elements):
            elements.reduce(32) { $0 + 24 + of($1) }
        case .object(let object):
            object.members.reduce(32) { $0 + 40 + text($1.name) + of($1.value) }
        }
    }

    /// Texts of up to 15 bytes live inside the value.
    private static func text(_ text: String) -> Int {
        text.utf8.count > 15 ? 32 + text.utf8.count : 0
    }
}
