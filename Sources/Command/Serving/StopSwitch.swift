internal import Primitives

/// What the first signal does, which may change while a server comes up.
final class StopSwitch: Sendable {
    private let state = Lock(State())

    /// What was heard, and who is to be told.
    private struct State: Sendable {
        var watcher: SignalWatcher?
        var action: (@Sendable (String) -> Void)?
        var signal: String?
    }

    /// Whether a signal came since the first call of ``watch(_:)``; before that one ends the process.
    var isPulled: Bool { state.withLock { $0.signal != nil } }

    /// Has `action` called with the name of the first signal, in place of any action before; at once where it came already.
    ///
    /// - Throws: When a signal cannot be caught.
    func watch(_ action: @escaping @Sendable (String) -> Void) throws {
        let (isWatching, signal) = state.withLock { state in
            state.action = action
            return (state.watcher != nil, state.signal)
        }
        if let signal { return action(signal) }
        guard !isWatching else { return }
        let watcher = try SignalWatcher { [weak self] name in self?.pull(name) }
        state.withLock { $0.watcher = watcher }
    }

    private func pull(_ name: String) {
        let action = state.withLock { state in
            state.signal = name
            return state.action
        }
        action?(name)
    }
}
