/// What became of an attempt to end a wait.
package enum EndResult: Hashable, Sendable {
    /// The wait has ended so; journal it under the number.
    case ended(number: UInt64)
    /// The wait was not open: a callback, its deadline or somebody else was first. Nothing changed.
    ///
    /// Should the decision that was first be undone, ``WaiterTable/fail(from:)`` tells that the wait is open again.
    case lost
}
