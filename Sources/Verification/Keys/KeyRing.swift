package import Security

/// What a verifier needs before it can decide.
package struct KeyNeed: Sendable, Hashable {
    /// What is fetched.
    package enum Kind: Sendable, Hashable {
        /// A JWK Set.
        case keySet
        /// A certificate in PEM.
        case certificate
    }

    /// Why it is needed.
    package enum Reason: Sendable, Hashable {
        /// It is not there.
        case absent
        /// What is there does not have the key that a request names.
        case unknownKey
    }

    /// Where it is: `https`.
    package let url: String
    /// What it is.
    package let kind: Kind
    /// Why it is needed.
    package let reason: Reason
}

/// The keys that were fetched, as they are at one moment.
package struct KeyRing: Sendable {
    private(set) var sets: [String: KeySet] = [:]
    private(set) var certificates: [String: [Certificate]] = [:]

    /// Makes an empty ring.
    package init() {}

    /// The key set of a URL; nil where it was not fetched.
    func set(_ url: String) -> KeySet? { sets[url] }

    /// The certificates of a URL, the sender's first; nil where they were not fetched.
    func certificates(_ url: String) -> [Certificate]? { certificates[url] }

    /// Puts a key set in, in the place of an older one.
    package mutating func put(_ set: KeySet, for url: String) { sets[url] = set }

    /// Puts certificates in.
    package mutating func put(_ certificates: [Certificate], for url: String) {
        self.certificates[url] = certificates
    }

    /// Takes what was fetched from a URL out.
    mutating func remove(_ url: String) {
        sets[url] = nil
        certificates[url] = nil
    }
}
