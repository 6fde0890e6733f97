internal import Primitives

/// The journal of `store: memory`: it keeps nothing, so a restart forgets every wait and every held callback.
package final class MemoryJournal: Journal {
    /// Makes a journal that keeps nothing.
    package init() {}

    /// Always: nothing is written.
    package var isVolatile: Bool { true }

    /// Nothing is ever refused.
    package var refusal: String? { nil }

    /// Nothing is written, so nothing is too large.
    package var recordBytesMax: Int { .max }

    /// Forgets the records.
    package func append(_ batch: JournalBatch) {
        for entry in batch.entries { entry.then?(true) }
    }

    /// Always true.
    package func status(of number: UInt64) -> Bool? { true }

    /// Never: nothing fails.
    package func isOutcomeUnknown(_ number: UInt64) -> Bool { false }

    /// Calls `done` at once.
    package func whenSettled(_ number: UInt64, _ done: @escaping @Sendable (Bool) -> Void) {
        done(true)
    }

    /// Needs nobody: what is decided is final.
    package func attach(_ owner: JournalHandle) {}
}
