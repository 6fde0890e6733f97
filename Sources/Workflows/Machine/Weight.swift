internal import JSONWire

/// Estimates how much memory a value holds, for the bound on a run's state.
enum Weight {
    /// The bytes of a value, about; shared parts count each time.
    static func of(_ value: JSONValue) -> Int {
        switch value {
        case .null, .bool, .integer: return 0
        case .number(let number): return text(number.text)
        case .string(let string): return text(string)
        case .array(let elements):
            // Looked at where they stand: copies of the parts would cost more than the sum.
            let elements = elements.span
            var sum = 32 + 24 * elements.count
            for index in elements.indices { sum += of(elements[index]) }
            return sum
        case .object(let object):
            let members = object.members.span
            var sum = 32 + 40 * members.count
            for index in members.indices {
                sum += text(members[index].name) + of(members[index].value)
            }
            return sum
        }
    }

    /// The bytes of what is kept of an answer's head, about.
    static func of(_ head: AnswerHead?) -> Int {
        head.map { of(.object($0.headers)) } ?? 0
    }

    /// Texts of up to 15 bytes live inside the value.
    private static func text(_ text: String) -> Int {
        text.utf8.count > 15 ? 32 + text.utf8.count : 0
    }
}
