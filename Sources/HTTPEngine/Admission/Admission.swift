internal import Primitives

/// The places of one site, over all its loops, and the one first-come queue before them (contract 6).
///
/// It exists only where the site bounds what is processed at once. On any thread; decides under its lock, acts after it.
final class Admission: Sendable {
    /// What became of a request that asked for a place.
    enum Outcome: Sendable, Equatable {
        case placed
        /// It stands in the queue; it will be told through its door.
        case queued(number: UInt64)
        case full
    }

    /// A complete request that stands in the queue.
    private struct Waiter: Sendable {
        let door: ConnectionHandle
        let sequence: UInt64
    }

    /// How many have a place, and who waits for one.
    private struct State: Sendable {
        var placedCount = 0
        /// How many of `waiters` still wait.
        var waitingCount = 0
        /// The number of the first of `waiters`.
        var firstNumber: UInt64 = 0
        /// In the order they came; nil for one that left.
        var waiters = RingQueue<Waiter?>()
    }

    private let state = Lock(State())
    private let settings: AdmissionSettings

    /// Opens the places.
    init(_ settings: AdmissionSettings) {
        self.settings = settings
    }

    /// Requests that have a place, and requests that wait for one.
    var counts: (placed: Int, waiting: Int) {
        state.withLock { ($0.placedCount, $0.waitingCount) }
    }

    /// Asks for a place for a request of the connection behind `door`.
    func enter(_ door: ConnectionHandle, sequence: UInt64) -> Outcome {
        state.withLock { state in
            if state.waitingCount == 0, state.placedCount < settings.maxConcurrentCount {
                state.placedCount += 1
                return .placed
            }
            guard state.waitingCount < settings.maxQueuedCount else { return .full }
            let number = state.firstNumber + UInt64(state.waiters.count)
            state.waiters.append(Waiter(door: door, sequence: sequence))
            state.waitingCount += 1
            return .queued(number: number)
        }
    }

    /// Gives a place back: the first of the queue gets it.
    func giveBack() {
        while let waiter = handOn() {
            if waiter.door.placed(waiter.sequence, by: self) { return }
            // Its loop is gone: the place goes on to the next.
        }
    }

    /// Leaves the queue.
    ///
    /// - Returns: False where the place was given meanwhile: it will be told so.
    func leave(_ number: UInt64) -> Bool {
        state.withLock { state in
            guard number >= state.firstNumber else { return false }
            let index = Int(clamping: number - state.firstNumber)
            guard state.waiters.look(at: index, { $0 != nil }) == true else { return false }
            state.waiters.replace(at: index, with: nil)
            state.waitingCount -= 1
            Self.dropLeft(&state)
            return true
        }
    }

    /// Takes the first waiter, which inherits the place; without one the place is free.
    private func handOn() -> Waiter? {
        state.withLock { state in
            Self.dropLeft(&state)
            guard let first = state.waiters.popFirst(), let waiter = first else {
                state.placedCount -= 1
                return nil
            }
            state.firstNumber += 1
            state.waitingCount -= 1
            return waiter
        }
    }

    /// Forgets those at the front that left.
    private static func dropLeft(_ state: inout State) {
        while state.waiters.look({ $0 == nil }) == true {
            _ = state.waiters.popFirst()
            state.firstNumber += 1
        }
    }
}
