import Primitives
import Sluice
import TestKit

/// A journal whose commit the test holds back.
final class HeldBackJournal: Journal {
    private let state = Monitor(State())

    /// Makes a journal that settles nothing until it is let go.
    init() {}

    var settlesAtOnce: Bool { false }

    func append(_ record: JournalRecord, number: UInt64) {
        state.withLock { $0.appended.append(number) }
    }

    func whenSettled(_ number: UInt64, _ done: @escaping @Sendable (Bool) -> Void) {
        let verdict = state.withLock { state -> Bool? in
            if state.verdict == nil { state.waiting.append(done) }
            return state.verdict
        }
        if let verdict { done(verdict) }
    }

    /// How many records were handed over.
    var appendedCount: Int { state.withLock { $0.appended.count } }

    /// Waits until so many records were handed over.
    func waitForRecords(_ count: Int) throws {
        let isReached = state.wait(until: .standard) { $0.appended.count >= count ? true : nil }
        guard isReached != nil else {
            throw KitError.deadlinePassed(doing: "waiting for \(count) records")
        }
    }

    /// Settles everything so far and to come.
    func letGo() {
        let waiting = state.withLock { state in
            state.verdict = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for done in waiting { done(true) }
    }

    private struct State {
        var appended: [UInt64] = []
        var waiting: [@Sendable (Bool) -> Void] = []
        var verdict: Bool?
    }
}
