import Journal
import Primitives

/// A journal whose disk fails at every record; whether what it refuses may be found after a restart is said by the test.
final class LosingJournal: Journal {
    private let isUnknown = Lock(false)
    private let owner = Lock<JournalHandle?>(nil)

    /// Says whether the outcome of what is refused is unknown from now on.
    func setUnknown(_ isUnknown: Bool) {
        self.isUnknown.withLock { $0 = isUnknown }
    }

    var isVolatile: Bool { false }

    var refusal: String? { nil }

    var recordBytesMax: Int { .max }

    func append(_ batch: JournalBatch) {
        for entry in batch.entries {
            _ = owner.withLock { $0 }?.fail(entry.number)
            entry.then?(false)
        }
    }

    func status(of number: UInt64) -> Bool? { false }

    func isOutcomeUnknown(_ number: UInt64) -> Bool { isUnknown.withLock { $0 } }

    func whenSettled(_ number: UInt64, _ done: @escaping @Sendable (Bool) -> Void) {
        done(false)
    }

    func attach(_ owner: JournalHandle) {
        self.owner.withLock { $0 = owner }
    }
}
