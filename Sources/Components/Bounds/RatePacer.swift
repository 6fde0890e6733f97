internal import Primitives
internal import Workflows

/// Says when the next call may begin: so many in a period, a burst after a rest, and a least pause between two.
///
/// A token bucket on monotonic time, kept as the moment at which it will be full again; no clock inside.
struct RatePacer {
    private let perToken: Nanoseconds
    private let burst: Int64
    private let interval: Nanoseconds
    /// When the bucket will be full, should nothing more be taken.
    private var fullAt = Instant(nanoseconds: 0)
    private var lastAt: Instant?

    /// Makes a full bucket.
    init(_ limit: RateLimit) {
        perToken = Nanoseconds(max(1, limit.period.count / Int64(max(1, limit.requests))))
        burst = Int64(max(1, limit.burst))
        interval = limit.interval ?? Nanoseconds(0)
    }

    /// Takes a token; nil where one was there, else the moment at which one will be, and nothing is taken.
    mutating func take(_ now: Instant) -> Instant? {
        if let lastAt {
            let due = lastAt.advanced(by: interval)
            if due > now { return due }
        }
        // With n tokens gone the bucket is full n tokens' time from now.
        let (room, isHuge) = perToken.count.multipliedReportingOverflow(by: burst - 1)
        let earliest = fullAt.advanced(by: Nanoseconds(isHuge ? .min : -room))
        if earliest > now { return earliest }
        fullAt = max(fullAt, now).advanced(by: perToken)
        lastAt = now
        return nil
    }
}
