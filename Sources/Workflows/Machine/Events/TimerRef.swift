/// The name of one timer of a run.
package struct TimerRef: Sendable, Hashable {
    /// What a timer is for.
    package enum Purpose: UInt8, Sendable, Hashable {
        /// The next try of a step may begin.
        case retry
        /// A step of type `delay` ends.
        case delay
        /// The next poll of `completion: polling` is due.
        case poll
        /// The step's own `timeout` over all its tries.
        case stepTimeout
        /// The workflow's `timeout`.
        case runTimeout
    }

    /// The try it belongs to; step -1 for a timer of the whole run.
    package let attempt: AttemptRef
    /// What it is for.
    package let purpose: Purpose

    /// Names a timer by its try and purpose.
    package init(attempt: AttemptRef, purpose: Purpose) {
        self.attempt = attempt
        self.purpose = purpose
    }
}
