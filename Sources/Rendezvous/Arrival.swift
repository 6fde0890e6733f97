/// What became of a callback.
///
/// `number` is the journal number of the decision the answer rests on: the answer may leave once it is committed.
/// Only `delivered` and `held` are new decisions, which the caller must journal under their number.
package enum Arrival: Hashable, Sendable {
    /// It ended this wait.
    case delivered(WaitID, number: UInt64)
    /// Nobody waits for it yet; it is kept.
    case held(number: UInt64)
    /// The same callback was taken before, and stands like this now.
    case duplicate(of: FirstAnswer, number: UInt64)
    /// The key's wait has ended, by another callback or without one.
    case conflict(EndedHow, number: UInt64)
    /// Nobody waits for it, and its endpoint takes only what somebody waits for.
    case rejected
    /// Its result is larger than what the run that waits for it may be given; the wait stays open.
    case tooLarge
    /// Its listener holds as many callbacks, or as many bytes of them, as it may.
    case heldFull
}

/// How the first of several equal callbacks stands.
package enum FirstAnswer: UInt8, Hashable, Sendable {
    case delivered, held
}
