internal import Journal
internal import Primitives

/// One claim as the table keeps it: a plain value of 56 bytes; its answer lies beside it.
struct ClaimNode: BitwiseCopyable {
    static var none: UInt32 { .max }

    private let keyHigh: UInt64
    private let keyLow: UInt64
    private let payloadHigh: UInt64
    private let payloadLow: UInt64
    /// The moment of the monotonic clock from which on it is not known any more.
    let until: UInt64
    /// The claim kept before it.
    var older = none
    /// The claim kept after it.
    var newer = none
    /// Whether its place is in use.
    var isKept = true

    /// Makes the node of a claim.
    init(_ claim: Claim, until: Instant) {
        keyHigh = claim.key.high
        keyLow = claim.key.low
        payloadHigh = claim.payload.high
        payloadLow = claim.payload.low
        self.until = until.nanoseconds
    }

    /// What makes it the same request.
    var key: Fingerprint { Fingerprint(high: keyHigh, low: keyLow) }
    /// What it carried.
    var payload: Fingerprint { Fingerprint(high: payloadHigh, low: payloadLow) }

    /// Where a key is looked for.
    static func spot(of key: Fingerprint) -> UInt32 {
        UInt32(truncatingIfNeeded: key.high >> 32)
    }
}
