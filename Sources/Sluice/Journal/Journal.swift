package import Primitives

/// The durable log of everything that was accepted and decided, in the order of its numbers.
///
/// A decision is made in the waiter table, which draws its number; it is final, answered and acted on only when the
/// journal has settled that number.
package protocol Journal: AnyObject, Sendable {
    /// Whether a decision is final as soon as it is made, because nothing is written (`store: memory`).
    var settlesAtOnce: Bool { get }

    /// Takes the record of a decision; numbers are settled in order, without gaps.
    func append(_ record: JournalRecord, number: UInt64)

    /// Calls `done` once the number is settled, at once where it is: true when its record is committed, false when it
    /// never will be. On any thread.
    func whenSettled(_ number: UInt64, _ done: @escaping @Sendable (Bool) -> Void)
}

/// What a journal remembers of one decision.
package enum JournalRecord: Sendable {
    /// A callback met its waiter.
    case delivered(requestID: UUIDv7, run: UUIDv7)
    /// A callback is kept for a waiter to come.
    case held(requestID: UUIDv7)
    /// A step waits.
    case waiting(run: UUIDv7)
    /// A wait or a held callback ended without the other.
    case ended
}
