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
