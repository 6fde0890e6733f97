internal import Primitives
package import Rendezvous

/// The order between a decision and its consequences: first its record is settled, then it is final in the waiter
/// table, then what it causes happens.
@usableFromInline
package final class JournalCommit: Sendable {
    private let journal: any Journal
    private let table: WaiterTable
    /// Whether nothing is written, and every decision final at once (`store: memory`).
    @usableFromInline package let isVolatile: Bool
    /// Who repeats what could not be journaled, when it can be again.
    private let recovered: Recovered

    /// Ties a waiter table to the journal of its decisions.
    ///
    /// - Parameters:
    ///   - journal: Where records go.
    ///   - table: Whose numbers they have.
    package init(journal: any Journal, table: WaiterTable) {
        self.journal = journal
        self.table = table
        isVolatile = journal.isVolatile
        let recovered = Recovered()
        self.recovered = recovered
        journal.attach(
            JournalOwner(
                commit: { table.commit(through: $0) },
                fail: { table.voidNumbers(from: $0) },
                recovered: { recovered.tell() }
            )
        )
    }

    /// Says who is told when the journal takes records again after a failure.
    package func onRecovery(_ body: @escaping @Sendable () -> Void) {
        recovered.body.withLock { $0 = body }
    }

    /// Why new work is not taken at present; nil where it is.
    package var refusal: String? { isVolatile ? nil : journal.refusal }

    /// Makes a decision final when nothing has to be written for it; false when its record must be appended.
    ///
    /// The hot path of `store: memory`: no closure is made.
    package func commitsAtOnce(_ number: UInt64) -> Bool {
        guard isVolatile else { return false }
        table.commit(through: number)
        return true
    }

    /// Appends the record of a decision; `then` is told whether it is final, or never will be.
    package func append(
        _ number: UInt64,
        _ record: @autoclosure () -> JournalRecord,
        then: JournalBatch.Done? = nil
    ) {
        if commitsAtOnce(number) {
            then?(true)
            return
        }
        var batch = JournalBatch()
        batch.add(record(), number: number, then: then)
        journal.append(batch)
    }

    /// Appends the records of several decisions.
    package func append(_ batch: JournalBatch) {
        journal.append(batch)
    }

    /// The most bytes a record may have.
    package var recordBytesMax: Int { journal.recordBytesMax }

    /// Writes a record out; nil where it is larger than the journal takes.
    package func prepare(_ record: JournalRecord) -> PreparedRecord? {
        let prepared = PreparedRecord(record)
        return prepared.bytes.count <= journal.recordBytesMax ? prepared : nil
    }

    /// Draws a number for a record that changes nothing in the waiter table and that no sender waits for, and appends it.
    ///
    /// - Parameters:
    ///   - record: The record; not made where nothing is written.
    ///   - then: Told whether it is committed, and its number; not where nothing is written.
    /// - Returns: The number; 0 where nothing is written.
    @discardableResult
    package func note(
        _ record: @autoclosure () -> JournalRecord,
        then: (@Sendable (_ isCommitted: Bool, _ number: UInt64) -> Void)? = nil
    ) -> UInt64 {
        if isVolatile { return 0 }
        let record = PreparedRecord(record())
        let number = table.drawNumber()
        let done = then.map { then -> JournalBatch.Done in { then($0, number) } }
        journal.append(JournalBatch(record, number: number, isLazy: true, then: done))
        return number
    }

    /// Draws a number for a record that changes nothing in the waiter table, and appends it.
    ///
    /// - Returns: The number; 0 where nothing is written.
    @discardableResult
    package func append(
        _ record: PreparedRecord,
        then: @escaping @Sendable (_ isCommitted: Bool, _ number: UInt64) -> Void
    ) -> UInt64 {
        if isVolatile {
            then(true, 0)
            return 0
        }
        let number = table.drawNumber()
        journal.append(JournalBatch(record, number: number) { then($0, number) })
        return number
    }

    /// Calls `done` when a number is settled: at once for 0, which rests on nothing.
    package func whenSettled(_ number: UInt64, _ done: @escaping @Sendable (Bool) -> Void) {
        if isVolatile || number == 0 { return done(true) }
        journal.whenSettled(number, done)
    }

    /// Whether a number is settled: true when its record is committed, false when it never will be, nil while nobody knows.
    package func status(of number: UInt64) -> Bool? {
        isVolatile || number == 0 ? true : journal.status(of: number)
    }

    /// Whether a number that was not committed may turn out to be after a restart.
    package func isOutcomeUnknown(_ number: UInt64) -> Bool {
        !isVolatile && number != 0 && journal.isOutcomeUnknown(number)
    }

    /// Whether an answer that rests on a number may leave now without asking further.
    @inlinable
    package func isSettled(_ number: UInt64) -> Bool {
        isVolatile || number == 0
    }

    /// A call that is known only when everything is put together.
    private final class Recovered: Sendable {
        let body = Lock<(@Sendable () -> Void)?>(nil)

        func tell() {
            body.withLock { $0 }?()
        }
    }
}
