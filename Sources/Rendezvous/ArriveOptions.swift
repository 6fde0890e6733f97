package import Primitives

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
