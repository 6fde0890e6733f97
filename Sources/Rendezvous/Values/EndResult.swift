/// What became of an attempt to end a wait.
package enum EndResult: Hashable, Sendable {
    /// The wait has ended so; journal it under the number.
    case ended(number: UInt64)
    /// The wait was not open: a callback, its deadline or somebody else was first. Nothing changed.
    ///
    /// Should the decision that was first be undone, ``WaiterTable/fail(from:)`` tells that the wait is open again.
    case lost
}

/// How a wait came to its end.
package enum EndedHow: UInt8, Hashable, Sendable, CaseIterable {
    case answered, cancelled, timedOut
}

/// A decision that time made; journal it under its number.
package enum Expiry: Sendable {
    /// A wait reached its deadline.
    case timedOut(WaitID, number: UInt64)
    /// A callback was held, under `heldNumber`, as long as it may be, and nobody fetched it.
    case unfetched(CallbackRecord, heldNumber: UInt64, number: UInt64)

    /// The decision's journal number.
    package var number: UInt64 {
        switch self {
        case .timedOut(_, let number), .unfetched(_, _, let number): number
        }
    }
}
