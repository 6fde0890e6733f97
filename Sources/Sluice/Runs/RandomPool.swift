internal import Primitives
internal import Security

/// Random words from OpenSSL's generator, drawn many at a time: the system is asked once for 512 of them.
///
/// May be used on any thread. A word is given once.
final class RandomPool: Sendable {
    private static let bytesAtOnce = 4096
    private let rest = Lock<[UInt8]>([])

    /// Makes an empty pool.
    init() {}

    /// Two words that nobody can foretell.
    func pair() -> (UInt64, UInt64) {
        rest.withLock { rest in
            if rest.count < 16 { rest = SecretBytes.random(Self.bytesAtOnce) }
            let words = (
                rest.span.word(at: rest.count - 16), rest.span.word(at: rest.count - 8)
            )
            rest.removeLast(16)
            return words
        }
    }
}
