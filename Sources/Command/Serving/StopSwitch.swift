internal import Primitives

/// What the first signal does, which may change while a server comes up.
final class StopSwitch: Sendable {
    private let state = Lock(State())
    private let log: Log

    /// Makes a switch that nothing has pulled; a SIGHUP is told to the log.
    init(log: Log) {
        self.log = log
    }

    /// What was heard, and who is to be told.
    private struct State: Sendable {
        var watcher: SignalWatcher?
        var action: (@Sendable (SignalWatcher.Signal) -> Void)?
        var signal: SignalWatcher.Signal?
    }

    /// Whether a signal came since the first call of ``watch(_:)``; before that one ends the process.
    var isPulled: Bool { state.withLock { $0.signal != nil } }

    /// Has `action` called with the first signal, in place of any action before; at once where it came already.
    ///
    /// - Throws: When a signal cannot be caught.
    func watch(_ action: @escaping @Sendable (SignalWatcher.Signal) -> Void) throws {
        let (isWatching, signal) = state.withLock { state in
            state.action = action
            return (state.watcher != nil, state.signal)
        }
        if let signal { return action(signal) }
        guard !isWatching else { return }
        let log = log
        let watcher = try SignalWatcher(
            exitCode: 1,
            onHangup: {
                log(
                    .warning,
                    "Reload is not there yet: SIGHUP changes nothing; restart to serve another configuration."
                )
            },
            onFirst: { [weak self] signal in self?.pull(signal) }
        )
        state.withLock { $0.watcher = watcher }
    }

    private func pull(_ signal: SignalWatcher.Signal) {
        let action = state.withLock { state in
            state.signal = signal
            return state.action
        }
        action?(signal)
    }
}
