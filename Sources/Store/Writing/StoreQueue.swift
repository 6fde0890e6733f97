internal import Primitives

/// What was taken and is not written yet, and how the writing stands; between any threads and the store's own.
final class StoreQueue: Sendable {
    private let state: Lock<State>
    /// Where the store's thread sleeps.
    private let bell = Parker()

    /// Makes an empty queue for a store that is complete up to a number.
    init(completeThrough: UInt64) {
        state = Lock(State(completeThrough: completeThrough))
    }

    /// Everything behind the lock.
    private struct State {
        var completeThrough: UInt64
        var loads: [StoreLoad] = []
        /// When the oldest of them came.
        var since = Instant.now()
        var parks: [ParkNote] = []
        var records = 0
        var bytes = 0
        var lastTicket: UInt64 = 0
        var waiters: [Waiter] = []
        var sizeBytes = 0
        var failure: StoreError?
        var isClosed = false
        /// Whether what was taken is to be written without waiting for more.
        var isHurried = false
        var onComplete: (@Sendable (UInt64) -> Void)?

        /// Draws the ticket of a load.
        mutating func nextTicket() -> UInt64 {
            if loads.isEmpty { since = .now() }
            lastTicket += 1
            return lastTicket
        }
    }

    /// Somebody who waits until a ticket is written.
    private struct Waiter {
        let ticket: UInt64
        let answer: Answer
    }

    /// What somebody who waits is told.
    private final class Answer: Sendable {
        let parker = Parker()
        let error = Lock<StoreError?>(nil)
    }

    /// Every record up to this number is written.
    var completeThrough: UInt64 { state.withLock { $0.completeThrough } }

    /// What was taken and is not written yet.
    var backlog: (records: Int, bytes: Int) { state.withLock { ($0.records, $0.bytes) } }

    /// The bytes that the database takes, as of the last batch.
    var sizeBytes: Int { state.withLock { $0.sizeBytes } }

    /// Notes how many bytes the database takes.
    func noteSize(_ bytes: Int) {
        state.withLock { $0.sizeBytes = bytes }
    }

    /// Why writing does not succeed at present.
    var failure: StoreError? { state.withLock { $0.failure } }

    /// Takes records; the store's thread is woken for the first and where it has enough.
    func add(_ load: StoreLoad) {
        let isDue = state.withLock { state in
            var load = load
            load.ticket = state.nextTicket()
            let (records, bytes) = (state.records, state.bytes)
            state.records += load.count
            state.bytes += load.bytes
            state.loads.append(load)
            if state.loads.count == 1 { return true }
            return !StoreLoad.isFull(records: records, bytes: bytes)
                && StoreLoad.isFull(records: state.records, bytes: state.bytes)
        }
        if isDue { bell.unpark() }
    }

    /// Takes a note that a run only waits; nobody is woken for it.
    func add(_ park: ParkNote) {
        state.withLock { $0.parks.append(park) }
    }

    /// Has what was taken so far written at once; never blocks.
    func hurry() {
        let isDue = state.withLock { state in
            defer { state.isHurried = !state.loads.isEmpty }
            return !state.loads.isEmpty && !state.isHurried
        }
        if isDue { bell.unpark() }
    }

    /// Blocks until everything taken so far is written and synced.
    ///
    /// - Throws: Why it could not be written, after the next attempt; it stays taken.
    func wait() throws(StoreError) {
        let answer = Answer()
        let isClosed = state.withLock { state in
            // A ticket of its own: notes that came without records are written for it.
            let ticket = state.nextTicket()
            state.loads.append(StoreLoad(ticket: ticket))
            state.waiters.append(Waiter(ticket: ticket, answer: answer))
            return state.isClosed
        }
        guard !isClosed else { throw StoreError(.other, "the store is closed") }
        bell.unpark()
        answer.parker.park()
        if let error = answer.error.withLock({ $0 }) { throw error }
    }

    /// Tells from now on, on the store's thread, up to where the store is complete.
    func tell(_ onComplete: @escaping @Sendable (UInt64) -> Void) {
        state.withLock { $0.onComplete = onComplete }
        bell.unpark()
    }

    /// Has the store's thread end, and tells everybody who waits.
    func close() {
        let waiters = state.withLock { state in
            state.isClosed = true
            defer { state.waiters = [] }
            return state.waiters
        }
        tell(waiters, StoreError(.other, "the store is closed"))
        bell.unpark()
    }

    private func tell(_ waiters: [Waiter], _ error: StoreError?) {
        for waiter in waiters {
            waiter.answer.error.withLock { $0 = error }
            waiter.answer.parker.unpark()
        }
    }
}

/// The side of the store's thread.
extension StoreQueue {
    /// Whether the thread has to end.
    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Who is told up to where the store is complete.
    var onComplete: (@Sendable (UInt64) -> Void)? { state.withLock { $0.onComplete } }

    /// When the next load is to be written: once it is full or old enough, at once where somebody waits; nil for nothing.
    func due(after delay: Nanoseconds) -> Instant? {
        state.withLock { state in
            if state.loads.isEmpty { return nil }
            let isFull = StoreLoad.isFull(records: state.records, bytes: state.bytes)
            let isAwaited = state.isHurried || !state.waiters.isEmpty
            return isFull || isAwaited ? state.since : state.since.advanced(by: delay)
        }
    }

    /// Whether somebody waits for a load to be on the disk.
    func isAwaited(_ load: StoreLoad) -> Bool {
        state.withLock { $0.waiters.contains { $0.ticket <= load.ticket } }
    }

    /// Takes what is to be written next; nil where nothing is.
    func next() -> StoreLoad? {
        let taken = state.withLock { state -> [StoreLoad] in
            state.isHurried = false
            var records = 0
            var bytes = 0
            let end = state.loads.firstIndex { load in
                records += load.count
                bytes += load.bytes
                return StoreLoad.isFull(records: records, bytes: bytes)
            }
            guard let end, end + 1 < state.loads.count else {
                defer { state.loads = [] }
                return state.loads
            }
            let first = Array(state.loads[...end])
            state.loads.removeFirst(end + 1)
            return first
        }
        guard var load = taken.first else { return nil }
        for other in taken.dropFirst() { load.add(other) }
        return load
    }

    /// Takes the notes that came since the last call.
    func takeParks() -> [ParkNote] {
        state.withLock { state in
            defer { state.parks = [] }
            return state.parks
        }
    }

    /// Notes that a load is written for good.
    func finish(_ load: StoreLoad, completeThrough: UInt64) {
        let waiters = state.withLock { state in
            state.completeThrough = completeThrough
            state.failure = nil
            state.records -= load.count
            state.bytes -= load.bytes
            let done = state.waiters.filter { $0.ticket <= load.ticket }
            if !done.isEmpty { state.waiters.removeAll { $0.ticket <= load.ticket } }
            return done
        }
        tell(waiters, nil)
    }

    /// Notes that writing failed; whoever waits is told.
    func fail(_ error: StoreError) {
        let waiters = state.withLock { state in
            state.failure = error
            defer { state.waiters = [] }
            return state.waiters
        }
        tell(waiters, error)
    }

    /// Notes that the file can be written again, with nothing to write.
    func recover() {
        state.withLock { $0.failure = nil }
    }

    /// Sleeps until something was taken, or a moment has come.
    func sleep(until moment: Instant) {
        bell.park(until: moment)
    }
}
