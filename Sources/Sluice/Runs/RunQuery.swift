internal import Primitives
internal import Workflows

/// Which runs are listed, and how many.
package struct RunQuery: Sendable {
    /// The states that are taken; empty for all.
    var statuses: Set<RunStatus> = []
    /// The workflow; nil for all.
    var workflowID: String?
    /// The session; nil for all.
    var sessionID: String?
    /// Only runs started at this moment or later.
    var since: WallTime?
    /// Only runs started before this moment.
    var until: WallTime?
    /// Only runs whose ids lie in this range.
    var ids: ClosedRange<UUIDv7>?
    /// Only runs older than this one.
    var before: UUIDv7?
    /// How many at most.
    var limit = Self.limitDefault

    /// How many without `limit`.
    static let limitDefault = 50
    /// The largest `limit`.
    static let limitMax = 1000

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

    /// Whether a run is among those asked for.
    func takes(_ run: RunCell) -> Bool {
        if let before, !(run.id < before) { return false }
        if let since, run.startedAt < since { return false }
        if let until, !(run.startedAt < until) { return false }
        if let ids, !ids.contains(run.id) { return false }
        if let workflowID, run.workflowID != workflowID { return false }
        if let sessionID, run.labels?.sessionID != sessionID { return false }
        return statuses.isEmpty || statuses.contains(run.status)
    }
}

extension RunCell {
    /// When the run was made, as its id tells.
    var startedAt: WallTime { WallTime(milliseconds: Int64(clamping: id.high >> 16)) }
}
