import Primitives
import Rendezvous

@testable import Journal

/// A journal that settles what it was given when the test says so.
final class ManualJournal: Journal {
    private struct State {
        var owner: JournalHandle?
        var records: [(number: UInt64, record: JournalRecord)] = []
        var waiting: [(number: UInt64, done: @Sendable (Bool) -> Void)] = []
        var settled: [UInt64: Bool] = [:]
        var refusal: String?
    }

    private let state = Lock(State())
    let recordBytesMax: Int

    init(recordBytesMax: Int = 1 << 20) {
        self.recordBytesMax = recordBytesMax
    }

    var isVolatile: Bool { false }
    var refusal: String? { state.withLock { $0.refusal } }

    /// Refuses new work from now on.
    func refuse(_ reason: String) {
        state.withLock { $0.refusal = reason }
    }

    /// The records that were appended, in their order.
    var records: [JournalRecord] { state.withLock { $0.records.map(\.record) } }

    func attach(_ owner: JournalHandle) {
        state.withLock { $0.owner = owner }
    }

    func append(_ batch: JournalBatch) {
        for entry in batch.entries {
            do throws(RecordReader.Damage) {
                let record = try JournalRecord(Array(batch.record(entry).bytes))
                state.withLock { state in
                    state.records.append((entry.number, record))
                    if let then = entry.then { state.waiting.append((entry.number, then)) }
                }
            } catch {
                preconditionFailure("a record cannot be read again: \(error)")
            }
        }
    }

    func status(of number: UInt64) -> Bool? { state.withLock { $0.settled[number] } }
    func isOutcomeUnknown(_ number: UInt64) -> Bool { false }

    func whenSettled(_ number: UInt64, _ done: @escaping @Sendable (Bool) -> Void) {
        let status = state.withLock { state -> Bool? in
            if let status = state.settled[number] { return status }
            state.waiting.append((number, done))
            return nil
        }
        if let status { done(status) }
    }

    /// Settles all that was appended so far.
    func settle(_ isCommitted: Bool) {
        let (owner, waiting, numbers) = state.withLock { state in
            defer { state.waiting = [] }
            let open = state.records.map(\.number).filter { state.settled[$0] == nil }
            for number in open { state.settled[number] = isCommitted }
            return (state.owner, state.waiting, open)
        }
        if isCommitted {
            if let last = numbers.max() { owner?.commit(last) }
        } else if let first = numbers.min() {
            _ = owner?.fail(first)
        }
        for one in waiting.sorted(by: { $0.number < $1.number }) { one.done(isCommitted) }
    }
}
