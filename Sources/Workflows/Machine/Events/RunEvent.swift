package import JSONWire
package import Primitives

/// Something that happened to a run: the only way it moves.
///
/// An event for a try that is over, or for a run that is finished, changes nothing.
package enum RunEvent: Sendable {
    /// The run begins; the first event, once.
    case start(input: JSONValue, requestID: String?)
    /// A call ended.
    case responded(AttemptRef, CallOutcome)
    /// The callback that a step waits for is there.
    case callback(AttemptRef, CallbackOutcome)
    /// The deadline of a wait has passed without a callback.
    case waitExpired(AttemptRef)
    /// The wait could not be registered.
    case waitRefused(AttemptRef, ProblemCode)
    /// A timer is due.
    case timer(TimerRef)
    /// A child run ended.
    case childEnded(AttemptRef, RunOutcome)
    /// Somebody wants the run to stop.
    case cancel(reason: String)
    /// A person answered an interrupt (its id is in ``RunState/interrupts``); null or nil goes on unchanged.
    case answered(interrupt: String, JSONValue?)
    /// A failed run is to go on from where it failed.
    case retry
}
