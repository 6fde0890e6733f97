internal import Primitives
package import Rendezvous

/// The order between a decision and its consequences: first its record is settled, then it is final in the waiter
/// table, then what it causes happens.
@usableFromInline
package final class JournalCommit: Sendable {
    private let journal: any Journal
    private let table: WaiterTable
    /// Whether nothing is written, and every decision final at once (`store: memory`); nobody else has to know.
    @usableFromInline let isVolatile: Bool
    /// Whether records are written: asked once, where a server is put together, by what would only fill them.
    package var keepsRecords: Bool { !isVolatile }
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
            JournalHandle(
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

    /// Has what follows from a decision happen in its order: behind the decision's record, where one is written.
    ///
    /// The hot path: nothing is made but what either of the two makes.
    /// - Parameters:
    ///   - number: The decision's number.
    ///   - now: Called where nothing is written: the decision is final.
    ///   - later: Called where its record has to be appended: nothing may follow before that is settled.
    @inlinable
    package func follow(_ number: UInt64, now: () -> Void = {}, later: () -> Void) {
        guard isVolatile else { return later() }
        makeFinal(number)
        now()
    }

    @usableFromInline
    func makeFinal(_ number: UInt64) {
        table.commit(through: number)
    }

    /// Appends the record of a decision, and has what follows from it happen when it is final.
    ///
    /// - Parameters:
    ///   - number: The decision's number.
    ///   - record: The record; not made where nothing is written.
    ///   - now: Called before this returns where nothing is written.
    ///   - later: Makes what is told otherwise, on any thread, whether the decision is final, or never will be.
    package func follow(
        _ number: UInt64,
        _ record: @autoclosure () -> JournalRecord,
        now: () -> Void = {},
        later: () -> JournalBatch.Done
    ) {
        follow(number, now: now) {
            let then = later()
            var batch = JournalBatch()
            batch.add(record(), number: number, then: then)
            journal.append(batch)
        }
    }

    /// Draws a number for a record that changes nothing in the waiter table, appends it, and has what follows from it happen
    /// when it is final.
    ///
    /// - Parameters:
    ///   - record: The record; not made where nothing is written.
    ///   - now: Called before this returns where nothing is written.
    ///   - later: Makes what is told otherwise, on any thread, whether the record is committed, and its number.
    /// - Returns: False where the record is larger than the journal takes: nothing happens then.
    package func follow(
        _ record: @autoclosure () -> JournalRecord,
        now: () -> Void,
        later: () -> Told
    ) -> Bool {
        guard !isVolatile else {
            now()
            return true
        }
        guard let prepared = prepare(record()) else { return false }
        append(prepared, then: later())
        return true
    }

    /// What is told when a record under a number of its own is settled: whether it is committed, and the number; 0 where
    /// nothing is written.
    package typealias Told = @Sendable (_ isCommitted: Bool, _ number: UInt64) -> Void

    /// Appends the record of a decision; `then` is told whether it is final, or never will be.
    package func append(
        _ number: UInt64,
        _ record: @autoclosure () -> JournalRecord,
        then: @escaping JournalBatch.Done
    ) {
        follow(number, record(), now: { then(true) }, later: { then })
    }

    /// Appends the records of several decisions.
    package func append(_ batch: JournalBatch) {
        journal.append(batch)
    }

    /// The most bytes a record may have.
    package var recordBytesMax: Int { journal.recordBytesMax }

    /// A record that is ready to be appended, or needs not be.
    package struct Prepared {
        /// The record; nil where nothing is written.
        fileprivate let record: PreparedRecord?
    }

    /// Writes a record out; nil where it is larger than the journal takes.
    ///
    /// - Parameter record: The record; not made where nothing is written.
    /// - Returns: What can be appended.
    package func prepare(_ record: @autoclosure () -> JournalRecord) -> Prepared? {
        if isVolatile { return Prepared(record: nil) }
        let prepared = PreparedRecord(record())
        guard prepared.bytes.count <= journal.recordBytesMax else { return nil }
        return Prepared(record: prepared)
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
        then: Told? = nil
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
    package func append(_ prepared: Prepared, then: @escaping Told) -> UInt64 {
        guard let record = prepared.record else {
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
