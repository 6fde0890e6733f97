package import JSONWire
package import Primitives

/// Something a run wants done, in the order given, after the event that caused it is committed.
///
/// Passed on several times by value: what is large is out of line.
package enum Effect: Sendable {
    /// Register a wait under every pair of channel and key, before the call that follows.
    case wait(
        AttemptRef,
        attemptID: UUIDv7,
        channels: [UInt32],
        keys: [[UInt8]],
        deadline: WallTime
    )
    /// Register a further key of an open wait.
    case addKey(AttemptRef, channels: [UInt32], key: [UInt8])
    /// Take an open wait back; its keys are marked accordingly.
    case endWait(AttemptRef, how: WaitEnd)
    /// Carry out a call, and answer it unless nobody waits for its end (``ComponentCall/isAnswered``).
    case call(AttemptRef, any ComponentCall)
    /// The outcome of a call in flight is wanted no more: stop it where that is possible.
    case abandon(AttemptRef)
    /// Wake the run with ``RunEvent/timer(_:)`` at a moment; a timer of the same name is replaced.
    case setTimer(TimerRef, at: WallTime)
    /// The timer is needed no more.
    case cancelTimer(TimerRef)
    /// Start a run of another workflow; its end comes back as ``RunEvent/childEnded(_:_:)``.
    indirect case startChild(AttemptRef, workflow: String, input: JSONValue, id: UUIDv7)
    /// Cancel a child run; its end is wanted no more.
    case cancelChild(AttemptRef)
    /// A fact for the log, the timeline and the API.
    case history(HistoryEntry)
    /// The run has ended; the last effect of its life.
    case finished(RunOutcome)
}

/// How a run ends a wait that no callback ended.
package enum WaitEnd: String, Sendable {
    /// The step has what it needs in another way.
    case answered
    /// The step was cancelled, failed, or its request was refused.
    case cancelled
}
