internal import Primitives
internal import Security

/// What must not be seen a second time: nonces, and the tokens of senders that do not sign the body.
///
/// Bounded: the latest ``countMax`` are remembered at least, and at most twice as many. Each is as many bytes, however long
/// it was. What came to one endpoint is new to another.
struct OnceTokens {
    /// The fewest that are remembered.
    static let countMax = 100_000

    private var latest: Set<Fingerprint> = []
    private var earlier: Set<Fingerprint> = []

    /// Remembers tokens; false, and nothing remembered, where any of them came before.
    mutating func take(_ tokens: [String], at endpoint: String) -> Bool {
        let prints = tokens.map { Self.print($0, endpoint) }
        for print in prints where latest.contains(print) || earlier.contains(print) {
            return false
        }
        if latest.count + prints.count > Self.countMax {
            earlier = latest
            latest = []
        }
        latest.formUnion(prints)
        return true
    }

    private static func print(_ token: String, _ endpoint: String) -> Fingerprint {
        let digest = Digest.of(Array("\(endpoint)\0\(token)".utf8), by: .sha256)
        return Fingerprint(high: digest.span.word(at: 0), low: digest.span.word(at: 8))
    }
}
