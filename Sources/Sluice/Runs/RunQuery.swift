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
    /// Only runs older than this one.
    var before: UUIDv7?
    /// How many at most.
    var limit = Self.limitDefault

    /// How many without `limit`.
    static let limitDefault = 50
    /// The largest `limit`.
    static let limitMax = 1000

    /// Whether a run is among those asked for.
    func takes(_ run: RunCell) -> Bool {
        if let before, !(run.id < before) { return false }
        if let since, run.startedAt < since { return false }
        if let workflowID, run.workflowID != workflowID { return false }
        if let sessionID, run.labels?.sessionID != sessionID { return false }
        return statuses.isEmpty || statuses.contains(run.status)
    }
}

extension RunCell {
    /// When the run was made, as its id tells.
    var startedAt: WallTime { WallTime(milliseconds: Int64(clamping: id.high >> 16)) }
}
