internal import Primitives
internal import Security

/// Random words from OpenSSL's generator, drawn many at a time: the system is asked once for 512 of them.
///
/// May be used on any thread. A word is given once.
package final class RandomPool: Sendable {
    private static let bytesAtOnce = 4096
    private let rest = Lock<[(UInt64, UInt64)]>([])

    /// Makes an empty pool.
    package init() {}

    /// Two words that nobody can foretell.
    package func pair() -> (UInt64, UInt64) {
        rest.withLock { rest in
            if let pair = rest.popLast() { return pair }
            return Self.fill(&rest)
        }
    }

    /// Draws anew, and gives the first pair away.
    private static func fill(_ rest: inout [(UInt64, UInt64)]) -> (UInt64, UInt64) {
        let bytes = SecretBytes.random(bytesAtOnce)
        for place in stride(from: 16, to: bytes.count, by: 16) {
            rest.append((bytes.span.word(at: place), bytes.span.word(at: place + 8)))
        }
        return (bytes.span.word(at: 0), bytes.span.word(at: 8))
    }
}
