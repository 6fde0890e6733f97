/// The secrets of a store: fingerprints and hidden values must stay the same over restarts, and be nobody else's.
package struct StoreSecrets: Sendable {
    /// What the fingerprints of callbacks are made with.
    package let fingerprintKey: (UInt64, UInt64)
    /// What the hashes of hidden values are made with.
    package let maskKey: (UInt64, UInt64)

    /// Draws secrets for a process, or for a store that is made.
    package static func fresh() -> StoreSecrets {
        var source = SystemRandomNumberGenerator()
        return StoreSecrets(
            fingerprintKey: (source.next(), source.next()),
            maskKey: (source.next(), source.next())
        )
    }
}

extension StoreSecrets: Equatable {
    /// Whether both are the same.
    package static func == (one: StoreSecrets, other: StoreSecrets) -> Bool {
        one.fingerprintKey == other.fingerprintKey && one.maskKey == other.maskKey
    }
}
