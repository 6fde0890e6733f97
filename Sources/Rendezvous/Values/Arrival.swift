package import Primitives

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

/// What an endpoint asks of the table for its callbacks.
package struct ArriveOptions: Sendable {
    /// Whether an ended wait does not close the key: what comes later is held, not refused.
    package var reuseKeys: Bool
    /// Whether a callback nobody waits for is refused and not held.
    package var rejectUnmatched: Bool
    /// How long a callback without a waiter is held.
    package var holdFor: Nanoseconds
    /// Which of ``WaiterTable/Configuration/heldLimits`` bounds what is held; one past the end is bounded
    /// by nothing.
    package var listener: Int

    /// Makes options; the defaults are those of a plain endpoint.
    package init(
        reuseKeys: Bool = false,
        rejectUnmatched: Bool = false,
        holdFor: Nanoseconds = .seconds(600),
        listener: Int = 0
    ) {
        self.reuseKeys = reuseKeys
        self.rejectUnmatched = rejectUnmatched
        self.holdFor = holdFor
        self.listener = listener
    }
}
