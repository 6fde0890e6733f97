internal import Primitives
internal import Rendezvous

/// The order between a decision and its consequences: first its record is settled, then it is final in the waiter
/// table, then what it causes happens.
final class Settlement: Sendable {
    private let journal: any Journal
    private let table: WaiterTable
    private let isImmediate: Bool

    /// Ties a waiter table to the journal of its decisions.
    init(journal: any Journal, table: WaiterTable) {
        self.journal = journal
        self.table = table
        isImmediate = journal.settlesAtOnce
    }

    /// Makes a decision final when nothing has to be written for it; false when its record must be appended.
    ///
    /// The hot path of `store: memory`: no closure is made.
    func settlesAtOnce(_ number: UInt64) -> Bool {
        guard isImmediate else { return false }
        table.commit(through: number)
        return true
    }

    /// Appends the record of a decision and calls `then` when it is final; never where it cannot be committed.
    func settle(
        _ number: UInt64,
        _ record: @autoclosure () -> JournalRecord,
        then: @escaping @Sendable () -> Void = {}
    ) {
        if settlesAtOnce(number) { return then() }
        journal.whenSettled(number) { [table] isCommitted in
            guard isCommitted else { return }
            table.commit(through: number)
            then()
        }
        journal.append(record(), number: number)
    }

    /// Calls `done` when a number is settled: at once for 0, which rests on nothing.
    func whenSettled(_ number: UInt64, _ done: @escaping @Sendable (Bool) -> Void) {
        if isImmediate || number == 0 { return done(true) }
        journal.whenSettled(number, done)
    }

    /// Whether an answer that rests on a number may leave now without asking further.
    func isSettled(_ number: UInt64) -> Bool {
        isImmediate || number == 0
    }
}
