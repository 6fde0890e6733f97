internal import Primitives
internal import Store
internal import Workflows

extension RunQuery {
    /// Whether a run is among those asked for.
    package func takes(_ run: RunActor) -> Bool {
        if let before, !(run.id < before) { return false }
        if let since, run.startedAt < since { return false }
        if let until, !(run.startedAt < until) { return false }
        if let ids, !ids.contains(run.id) { return false }
        if let workflowID, run.workflowID != workflowID { return false }
        if let sessionID, run.labels?.sessionID != sessionID { return false }
        return statuses.isEmpty || statuses.contains(run.status)
    }
}

extension RunActor {
    /// When the run was made, as its id tells.
    var startedAt: WallTime { WallTime(milliseconds: Int64(clamping: id.high >> 16)) }
}
