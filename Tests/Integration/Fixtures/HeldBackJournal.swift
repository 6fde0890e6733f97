import Journal
import Primitives
import TestKit

/// A journal whose commit the test holds back.
final class HeldBackJournal: Journal {
    private let state = Watched(State())

    /// Makes a journal that settles nothing until it is let go.
    init() {}

    /// Settles nothing from now on until it is let go.
    func holdBack() {
        state.withLock { $0.isLetGo = false }
    }

    var isVolatile: Bool { false }

    var refusal: String? { nil }

    var recordBytesMax: Int { .max }

    func attach(_ owner: JournalHandle) {
        state.withLock { $0.owner = owner }
    }

    func append(_ batch: JournalBatch) {
        for entry in batch.entries { append(entry) }
    }

    private func append(_ entry: JournalBatch.Entry) {
        let owner = state.withLock { state -> JournalHandle? in
            state.appended.append(entry.number)
            guard state.isLetGo else {
                if let then = entry.then { state.waiting.append(then) }
                return nil
            }
            return state.owner
        }
        guard let owner else { return }
        owner.commit(entry.number)
        entry.then?(true)
    }

    func status(of number: UInt64) -> Bool? {
        state.withLock { state in
            if number <= state.failedThrough { return false }
            return state.isLetGo ? true : nil
        }
    }

    func isOutcomeUnknown(_ number: UInt64) -> Bool { false }

    func whenSettled(_ number: UInt64, _ done: @escaping @Sendable (Bool) -> Void) {
        // Looked at and noted at once: it may be let go in between.
        let isCommitted = state.withLock { state -> Bool? in
            if number <= state.failedThrough { return false }
            if state.isLetGo { return true }
            state.waiting.append(done)
            return nil
        }
        if let isCommitted { done(isCommitted) }
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
        let (waiting, owner, last) = state.withLock { state in
            state.isLetGo = true
            defer { state.waiting = [] }
            return (state.waiting, state.owner, state.appended.max() ?? 0)
        }
        owner?.commit(last)
        for done in waiting { done(true) }
    }

    /// Fails everything so far; what comes is held back again.
    func giveUp() {
        let (waiting, owner, first) = state.withLock { state in
            let open = state.appended.filter { $0 > state.failedThrough }
            state.failedThrough = open.max() ?? state.failedThrough
            defer { state.waiting = [] }
            return (state.waiting, state.owner, open.min())
        }
        if let first { _ = owner?.fail(first) }
        for done in waiting { done(false) }
    }

    private struct State {
        /// The highest number that has failed.
        var failedThrough: UInt64 = 0
        var appended: [UInt64] = []
        var waiting: [@Sendable (Bool) -> Void] = []
        var isLetGo = false
        var owner: JournalHandle?
    }
}
