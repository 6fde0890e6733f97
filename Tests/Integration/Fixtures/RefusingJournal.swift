import Journal
import Primitives

/// A journal that keeps nothing, settles everything, and takes no new work while it is told so.
final class RefusingJournal: Journal {
    private let reason = Lock<String?>(nil)
    private let owner = Lock<JournalHandle?>(nil)

    /// Says why new work is not taken from now on; nil where it is.
    func refuse(_ reason: String?) {
        self.reason.withLock { $0 = reason }
    }

    var isVolatile: Bool { false }

    var refusal: String? { reason.withLock { $0 } }

    var recordBytesMax: Int { .max }

    func append(_ batch: JournalBatch) {
        for entry in batch.entries {
            owner.withLock { $0 }?.commit(entry.number)
            entry.then?(true)
        }
    }

    func status(of number: UInt64) -> Bool? { true }

    func isOutcomeUnknown(_ number: UInt64) -> Bool { false }

    func whenSettled(_ number: UInt64, _ done: @escaping @Sendable (Bool) -> Void) {
        done(true)
    }

    func attach(_ owner: JournalHandle) {
        self.owner.withLock { $0 = owner }
    }
}
