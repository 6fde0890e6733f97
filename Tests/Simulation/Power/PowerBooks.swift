import Journal
import Primitives
import Store

/// What is known to be committed: what the log told while a server lived, and what was found at the starts.
final class PowerBooks: Sendable {
    /// What the lock guards.
    private struct State {
        var fresh: [NumberedRecord] = []
        var known: [UInt64: [UInt8]] = [:]
        var findings: [String] = []
    }

    private let state = Lock(State())

    /// Takes a committed record in; one that is known must be the same again.
    func note(_ record: NumberedRecord) {
        let bytes = Array(record.bytes)
        state.withLock { state in
            if let known = state.known[record.number] {
                if known != bytes {
                    state.findings.append("the record \(record.number) has changed")
                }
                return
            }
            state.known[record.number] = bytes
            state.fresh.append(record)
        }
    }

    /// What came since the last call, ascending, and what was wrong with it.
    func takeFresh() -> (records: [NumberedRecord], findings: [String]) {
        state.withLock { state in
            defer { (state.fresh, state.findings) = ([], []) }
            return (state.fresh.sorted { $0.number < $1.number }, state.findings)
        }
    }
}

/// A store whose books are kept beside it.
struct BookedStore: JournalFollower {
    let store: Store
    let books: PowerBooks

    var refusal: String? { store.refusal }

    func take(_ records: [NumberedRecord], through: UInt64) {
        for record in records { books.note(record) }
        store.take(records, through: through)
    }
}
