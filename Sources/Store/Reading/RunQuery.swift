package import Primitives
package import Workflows

/// Which runs are listed, and how many.
package struct RunQuery: Sendable {
    /// The states that are taken; empty for all.
    package var statuses: Set<RunStatus> = []
    /// The workflow; nil for all.
    package var workflowID: String?
    /// The session; nil for all.
    package var sessionID: String?
    /// Only runs started at this moment or later.
    package var since: WallTime?
    /// Only runs started before this moment.
    package var until: WallTime?
    /// Only runs whose ids lie in this range.
    package var ids: ClosedRange<UUIDv7>?
    /// Only runs older than this one.
    package var before: UUIDv7?
    /// How many at most.
    package var limit = Self.limitDefault

    /// Asks for the newest runs of all.
    package init() {}

    /// How many without `limit`.
    package static let limitDefault = 50
    /// The largest `limit`.
    package static let limitMax = 1000

    /// The ids that the query's times, its cursor and its range of ids leave: from the first, up to before the second.
    var bounds: (oldest: UUIDv7, before: UUIDv7) {
        var oldest = UUIDv7(high: UInt64(clamping: since?.milliseconds ?? 0) << 16, low: 0)
        var before = before ?? UUIDv7(high: .max, low: .max)
        if let until {
            before = min(before, UUIDv7(high: UInt64(clamping: until.milliseconds) << 16, low: 0))
        }
        if let ids {
            oldest = max(oldest, ids.lowerBound)
            before = min(before, ids.upperBound.successor)
        }
        return (oldest, before)
    }
}
