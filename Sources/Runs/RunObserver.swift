/// One who watches a run live, for whatever shows it to others.
///
/// Called on the run's worker, or on whatever thread began to watch; it must not block.
package protocol RunObserver: AnyObject, Sendable {
    /// Tells that the run has something new: its history has grown, or it has ended.
    ///
    /// What is new is read from the run (``RunActor/history(after:)``). A call may come for which nothing is new.
    func runAdvanced(_ run: RunActor)

    /// Hands on the next piece of an answer that a step of the run receives; it is kept nowhere.
    func stepReceived(_ chunk: RunChunk)
}
