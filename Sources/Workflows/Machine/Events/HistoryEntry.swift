package import Primitives

/// One fact of a run's history, for logs, the timeline and the API.
package struct HistoryEntry: Sendable {
    /// What happened; failures are out of line, for an entry is passed on several times by value.
    package enum Kind: Sendable {
        case runStarted
        case stepStarted
        /// A request goes out: method and URL without query.
        case sent(String)
        /// The step waits from now on under these keys (as text).
        case waiting(keys: [String], until: WallTime)
        /// A callback with this key came and the step goes on, now or when its response is there.
        case resumed(key: String)
        /// The next try begins at this moment.
        indirect case retrying(StepFailure, at: WallTime)
        case interrupted(id: String)
        case stepCompleted
        /// The step failed, and its `on_error` goes on.
        indirect case recovered(StepFailure)
        indirect case stepFailed(StepFailure)
        case stepSkipped
        case stepCancelled
        /// A router chose this step.
        case routed(to: String)
        /// The run had failed and goes on from there.
        case retriedRun
        /// A fact beside the way.
        case noted(String)
        /// A fact that somebody should look at.
        case warned(String)
        case runCompleted
        indirect case runFailed(RunFailure)
        case runCancelled(reason: String)
    }

    /// When it happened.
    package let time: WallTime
    /// The step as ``StepView/name`` writes it; nil for facts of the whole run.
    package let step: String?
    /// The step's try, from 1; 0 for facts of the whole run.
    package let attempt: Int
    /// The component the step uses.
    package let component: String?
    /// What happened.
    package let kind: Kind

    /// The same entry, told otherwise.
    package func with(_ kind: Kind) -> HistoryEntry {
        HistoryEntry(time: time, step: step, attempt: attempt, component: component, kind: kind)
    }
}
