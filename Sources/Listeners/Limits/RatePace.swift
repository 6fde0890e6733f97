internal import Primitives
internal import Workflows

/// The generic cell rate algorithm (ITU-T I.371): whether a request conforms to a rate, told by one moment alone.
///
/// That moment is when, at the even pace of the rate, all requests so far would be over. It may lie ahead of now by what a burst
/// takes. No clock is inside.
struct RatePace: Sendable {
    /// Nanoseconds that one request takes up.
    private let perRequest: Int64
    /// Nanoseconds that the moment may lie ahead before another request is refused.
    private let ahead: Int64

    /// Works out the pace of a rule.
    init(_ rule: RateRule) {
        let limit = rule.limit
        perRequest = max(1, limit.period.count / Int64(max(1, limit.requests)))
        let (room, isHuge) = perRequest.multipliedReportingOverflow(
            by: Int64(max(1, limit.burst)) - 1
        )
        ahead = isHuge || room > Self.aheadMax ? Self.aheadMax : room
    }

    /// A century: no burst lasts longer.
    private static let aheadMax: Int64 = 3_155_760_000_000_000_000

    /// Takes a request where it conforms.
    ///
    /// - Parameters:
    ///   - over: When all requests so far are over; moved on where this one is taken.
    ///   - now: The present moment.
    /// - Returns: Nil where it conforms, else the time until one would; nothing is taken then.
    func take(_ over: inout Instant, at now: Instant) -> Nanoseconds? {
        let start = max(over, now)
        let excess = start.since(now).count - ahead
        if excess > 0 { return Nanoseconds(excess) }
        over = start.advanced(by: Nanoseconds(perRequest))
        return nil
    }
}
