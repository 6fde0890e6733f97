internal import Primitives

/// The thread that opens a failed journal again: at once, then with pauses that double up to five seconds.
final class JournalRecovery: Sendable {
    private let state = Lock(State())
    private let parker = Parker()

    /// The thread that tries, and whether no other may follow.
    private struct State: Sendable {
        var thread: WorkerThread?
        var isStopped = false
    }

    private static let pauseMin = Nanoseconds.milliseconds(50)
    private static let pauseMax = Nanoseconds.seconds(5)

    /// Calls `attempt` until it says that it has worked; nothing happens after ``stop()``.
    func start(_ attempt: @escaping @Sendable () -> Bool) {
        state.withLock { state in
            guard !state.isStopped else { return }
            // One that has worked before has ended or is about to.
            state.thread = WorkerThread(name: "journal-again") { [self] in repeatedly(attempt) }
        }
    }

    /// Gives up, and waits for an attempt under way.
    func stop() {
        let thread = state.withLock { state in
            state.isStopped = true
            return state.thread.take()
        }
        parker.unpark()
        thread?.join()
    }

    private func repeatedly(_ attempt: () -> Bool) {
        var pause = Self.pauseMin
        while !state.withLock({ $0.isStopped }), !attempt() {
            parker.park(until: .now().advanced(by: pause))
            pause = min(Nanoseconds(pause.count * 2), Self.pauseMax)
        }
    }
}
