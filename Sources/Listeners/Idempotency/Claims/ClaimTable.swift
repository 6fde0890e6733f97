package import Journal
package import Primitives
internal import Runs
internal import Security

/// The memory of requests that started runs, so that the same request starts none again.
///
/// May be used on any thread; one for the process. A key that was taken is under way until it is kept or released; who
/// comes with it meanwhile waits for that. What is kept is known until its time is over; beyond the bound the oldest go.
package final class ClaimTable: Sendable {
    private static let shardCount = 16
    /// How long nothing is told again of claims that went before their time.
    private static let pause = Nanoseconds.seconds(60)

    private let secret: [UInt8]
    private let shards: StripedLock<ClaimShard>
    private let told = Lock(Told())

    /// Makes an empty table.
    ///
    /// - Parameters:
    ///   - key: The secret that fingerprints are made with: the same after a restart, where claims survive it.
    ///   - bytesMax: How much it keeps; a claim counts 112 bytes and its answer.
    package init(key: (UInt64, UInt64), bytesMax: Int) {
        secret = key.0.bytes + key.1.bytes
        shards = StripedLock(count: Self.shardCount) { _ in
            ClaimShard(bytesMax: bytesMax / Self.shardCount)
        }
    }

    /// What a fingerprint is made of; the numbers keep different things apart and are never given twice.
    package enum Kind: UInt8 {
        /// The scope and the text of an `Idempotency-Key`.
        case header = 1
        /// The scope and what `deduplicate_by` yields.
        case value = 2
        /// The scope and the fingerprint of the bytes that stand for a missing value.
        case bytes = 3
        /// A query and a body.
        case payload = 4
    }

    /// What makes a request the same one, or its payload the same: half of an HMAC-SHA-256.
    ///
    /// Texts of all senders meet here, and equal ones mean that a request starts nothing: so none may be able to make its
    /// own equal another's.
    package func fingerprint(_ kind: Kind, _ scope: [UInt8], _ text: Span<UInt8>) -> Fingerprint {
        let key = secret + UInt64(scope.count).bytes + [kind.rawValue] + scope
        let code = MessageCode.of(text, key: key, by: .sha256)
        return Fingerprint(high: UInt64(code.prefix(8)), low: UInt64(code.dropFirst(8).prefix(8)))
    }

    /// How a request with this key stands; the first one is under way from now on.
    func take(
        _ key: Fingerprint,
        payload: Fingerprint,
        now: Instant = .now()
    ) -> ClaimStanding {
        shards.withLock(Self.shard(of: key)) { $0.take(key, payload: payload, now: now) }
    }

    /// Remembers a request whose start is settled, and tells who waited for it.
    func keep(_ claim: Claim, _ flight: ClaimFlight) {
        let until = Instant.now().advanced(until: claim.until)
        shards.withLock(Self.shard(of: claim.key)) { shard in
            shard.keep(claim, until: until)
            shard.land(claim.key)
        }
        flight.end(.kept(claim.answer))
    }

    /// Forgets a request that started nothing, so that it may be sent again, and tells who waited for it.
    func release(_ key: Fingerprint, _ flight: ClaimFlight, _ outcome: ClaimFlight.Outcome) {
        shards.withLock(Self.shard(of: key)) { $0.land(key) }
        flight.end(outcome)
    }

    /// Remembers a claim that a store has kept, unless its time is over.
    package func restore(_ claim: Claim) {
        guard claim.until > .now() else { return }
        let until = Instant.now().advanced(until: claim.until)
        shards.withLock(Self.shard(of: claim.key)) { $0.keep(claim, until: until) }
    }

    /// Frees some of what is past its time, and tells, now and then, of what went before it.
    package func sweep(now: Instant, _ log: Log) {
        var forgotten = 0
        for index in 0..<Self.shardCount {
            forgotten += shards.withLock(index) { shard in
                shard.sweep(now: now)
                return shard.forgottenCount
            }
        }
        let untold = told.withLock { told -> Int in
            guard forgotten > told.count, told.next <= now else { return 0 }
            defer { told = Told(count: forgotten, next: now.advanced(by: Self.pause)) }
            return forgotten - told.count
        }
        guard untold > 0 else { return }
        log(
            .warning,
            "Requests forgotten before their time: more than store.max_claims_size holds",
            [.init("count", untold)]
        )
    }

    /// What was told of claims that went before their time.
    private struct Told: Sendable {
        /// How many.
        var count = 0
        /// When more may be told.
        var next = Instant(nanoseconds: 0)
    }

    /// How many claims are kept; those past their time are among them until they are swept away.
    var count: Int {
        (0..<Self.shardCount).reduce(0) { sum, index in sum + shards.withLock(index) { $0.count } }
    }

    private static func shard(of key: Fingerprint) -> Int {
        Int(truncatingIfNeeded: key.low % UInt64(shardCount))
    }
}

extension UInt64 {
    /// The eight bytes, the lowest first.
    fileprivate var bytes: [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: self >> (8 * $0)) } }

    /// The number whose bytes these are.
    fileprivate init(_ bytes: ArraySlice<UInt8>) {
        self = bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
