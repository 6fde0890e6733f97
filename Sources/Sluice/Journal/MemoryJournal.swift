internal import Primitives

/// The journal of `store: memory`: it keeps nothing, so a restart forgets every wait and every held callback.
package final class MemoryJournal: Journal {
    /// Makes a journal that keeps nothing.
    package init() {}

    /// Always: nothing is written.
    package var settlesAtOnce: Bool { true }

    /// Forgets the record.
    package func append(_ record: JournalRecord, number: UInt64) {}

    /// Calls `done` at once.
    package func whenSettled(_ number: UInt64, _ done: @escaping @Sendable (Bool) -> Void) {
        done(true)
    }
}
