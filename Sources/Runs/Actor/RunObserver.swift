/// One who watches a run live, for whatever shows it to others.
///
/// Called on the run's worker, or on whatever thread began to watch; it must not block.
///
/// What it has seen is told by one number, that of the last entry of the run's history: entries are numbered from 1 without
/// gaps, and get the same numbers again when the run is rebuilt after a restart, because both come of its events. So whoever
/// begins at a number gets every later entry exactly once: what comes after it is asked for (``RunActor/history(after:)``) at
/// each call, and entries that are not kept any more (`executor.history_per_run`) are counted there. Each entry also has the
/// journal number of the event it comes of (``RunNote/journalNumber``), which orders entries of different runs; several
/// entries may come of one event.
package protocol RunObserver: AnyObject, Sendable {
    /// Tells that the run has something new: its history has grown, or it has ended.
    ///
    /// What is new is read from the run (``RunActor/history(after:)``). A call may come for which nothing is new.
    func runAdvanced(_ run: RunActor)

    /// Hands on the next piece of an answer that a step of the run receives; it is kept nowhere.
    func stepReceived(_ chunk: RunChunk)
}
