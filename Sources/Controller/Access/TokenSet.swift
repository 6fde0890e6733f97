internal import Security

/// The tokens that open the controller.
///
/// It keeps their digests only, so that nothing can show them.
struct TokenSet: Sendable {
    private var tokens: [(name: String, digest: [UInt8])] = []

    /// A set without tokens.
    init() {}

    /// Whether there is none.
    var isEmpty: Bool { tokens.isEmpty }

    /// Adds a token under a name for the log.
    mutating func add(_ token: String, name: String) {
        tokens.append((name, Self.digest(token)))
    }

    /// The name of a token; nil for one that is not in the set.
    ///
    /// Takes the same time whatever was sent and whichever token it is.
    func name(of token: String) -> String? {
        let digest = Self.digest(token)
        var found: String?
        for token in tokens where SecretBytes.areEqual(token.digest, digest) {
            found = found ?? token.name
        }
        return found
    }

    private static func digest(_ token: String) -> [UInt8] {
        Digest.of(Array(token.utf8), by: .sha256)
    }
}
