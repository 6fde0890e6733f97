internal import Primitives

extension Array where Element == UInt8 {
    /// Whether it has the same bytes as a text that is lent.
    package func isEqual(to other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        let own = span
        var offset = 0
        while offset < other.count {
            guard own.word(at: offset) == other.word(at: offset) else { return false }
            offset += 8
        }
        return true
    }
}
