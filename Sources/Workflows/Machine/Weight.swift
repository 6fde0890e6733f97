internal import JSONWire

/// How much a value is, for the bound on a run's state: the bytes it has as JSON, never more than in the text it came in.
enum Weight {
    /// The bytes of a value as JSON without spaces and escapes; shared parts count each time.
    static func of(_ value: JSONValue) -> Int {
        switch value {
        case .null, .bool: return 4
        case .integer(let number): return digits(number)
        case .number(let number): return number.text.utf8.count
        case .string(let string): return 2 + string.utf8.count
        case .array(let elements):
            // Looked at where they stand: copies of the parts would cost more than the sum.
            let elements = elements.span
            var sum = 1 + max(1, elements.count)
            for index in elements.indices { sum += of(elements[index]) }
            return sum
        case .object(let object):
            let members = object.members.span
            var sum = 1 + max(1, members.count)
            for index in members.indices {
                sum += 3 + members[index].name.utf8.count + of(members[index].value)
            }
            return sum
        }
    }

    /// The bytes of what is kept of an answer's head.
    static func of(_ head: AnswerHead?) -> Int {
        head.map { of(.object($0.headers)) } ?? 0
    }

    private static func digits(_ number: Int64) -> Int {
        var left = number.magnitude
        var count = number < 0 ? 2 : 1
        while left > 9 {
            left /= 10
            count += 1
        }
        return count
    }
}
