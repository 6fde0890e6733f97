internal import Primitives

/// What the workers of a pool share: the queue, who sleeps, and whether somebody is already being woken.
///
/// The threads hold the desk and not the pool, so that a pool nobody holds any more can end.
final class WorkQueue: Sendable {
    /// The queue, and who sleeps.
    private struct State {
        var queue = RingQueue<any Job>()
        var sleeping: [Int] = []
        /// A worker that was woken and has not yet looked at the queue; while there is one nobody else is woken.
        var isWaking = false
        var isClosed = false
        /// Workers that are neither asleep nor ended; the last one leaves only when the queue is empty.
        var endedCount = 0
    }

    private let state: Lock<State>
    private let parkers: [Parker]

    init(workers: Int) {
        parkers = (0..<workers).map { _ in Parker() }
        state = Lock(State())
    }

    /// Queues one job.
    func take(_ job: any Job) -> Bool {
        let (taken, wake) = state.withLock { state -> (Bool, Int?) in
            guard Self.isOpen(state, workers: parkers.count) else { return (false, nil) }
            state.queue.append(job)
            return (true, Self.nextToWake(&state))
        }
        if let wake { parkers[wake].unpark() }
        return taken
    }

    /// Queues jobs in their order.
    func take(_ batch: [any Job]) -> Bool {
        let (taken, wake) = state.withLock { state -> (Bool, Int?) in
            guard Self.isOpen(state, workers: parkers.count) else { return (false, nil) }
            for job in batch { state.queue.append(job) }
            return (true, Self.nextToWake(&state))
        }
        if let wake { parkers[wake].unpark() }
        return taken
    }

    /// How many jobs are queued and not begun.
    var queuedCount: Int { state.withLock { $0.queue.count } }

    /// Whether nothing is queued and all workers sleep or have ended.
    var isIdle: Bool {
        state.withLock { state in
            state.queue.isEmpty && state.sleeping.count + state.endedCount == parkers.count
        }
    }

    /// Takes the job at a place out of the queue, whose front becomes what was behind it; nil where there is none.
    func pick(_ place: Int) -> (any Job)? {
        state.withLock { state in
            guard place < state.queue.count else { return nil }
            for _ in 0..<place {
                if let job = state.queue.popFirst() { state.queue.append(job) }
            }
            return state.queue.popFirst()
        }
    }

    /// Asks the workers to end once the queue is empty.
    func close() {
        state.withLock { $0.isClosed = true }
        for parker in parkers { parker.unpark() }
    }

    /// Runs jobs on the calling thread until the desk is closed and the queue is empty.
    func work(as index: Int) {
        while true {
            let turn = state.withLock { state in Self.nextTurn(&state, worker: index) }
            switch turn {
            case .run(let job, let wake):
                if let wake { parkers[wake].unpark() }
                job.run()
            case .sleep:
                parkers[index].park()
                state.withLock { state in Self.wakeUp(&state, worker: index) }
            case .end:
                return
            }
        }
    }

    /// What a worker does next.
    private enum Turn {
        case run(any Job, wake: Int?)
        case sleep
        case end
    }

    private static func nextTurn(_ state: inout State, worker: Int) -> Turn {
        if let job = state.queue.popFirst() {
            return .run(job, wake: nextToWake(&state))
        }
        if state.isClosed {
            state.endedCount += 1
            return .end
        }
        state.sleeping.append(worker)
        return .sleep
    }

    /// A worker that comes out of its sleep: somebody took it off the list, or the desk was closed.
    private static func wakeUp(_ state: inout State, worker: Int) {
        if let place = state.sleeping.firstIndex(of: worker) {
            state.sleeping.remove(at: place)
        } else {
            state.isWaking = false
        }
    }

    private static func nextToWake(_ state: inout State) -> Int? {
        guard !state.isWaking, !state.queue.isEmpty, let worker = state.sleeping.popLast() else {
            return nil
        }
        state.isWaking = true
        return worker
    }

    /// A closed desk takes what running jobs submit, as long as a worker is left to run it.
    private static func isOpen(_ state: borrowing State, workers: Int) -> Bool {
        !state.isClosed || state.endedCount < workers
    }
}
