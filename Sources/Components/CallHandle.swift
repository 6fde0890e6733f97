internal import Primitives
internal import Workflows

/// One call of a step between its beginning and its result.
///
/// It ends once: with a result, or abandoned. May be used on any thread.
final class CallHandle: Sendable {
    /// What the lock guards.
    private struct State {
        var isWanted = true
        var isPlaced = false
        var cancel: (@Sendable () -> Void)?
    }

    /// The run.
    let run: UUIDv7
    /// Its step's try.
    let attempt: AttemptRef
    private let gate: ComponentLimiter?
    private let state = SleepingLock(State())

    /// Makes a flight that has not begun.
    ///
    /// `gate`: the bounds of its component; nil for none.
    init(run: UUIDv7, attempt: AttemptRef, gate: ComponentLimiter?) {
        self.run = run
        self.attempt = attempt
        self.gate = gate
    }

    /// Calls `begin` when the bounds let it in; never where it is abandoned before.
    func enter(_ begin: @escaping @Sendable () -> Void) {
        guard let gate else { return begin() }
        gate.enter(self) { [self] in
            if isWanted { begin() } else { gate.leave() }
        }
    }

    /// Whether somebody still wants the result.
    var isWanted: Bool { state.withLock { $0.isWanted } }

    /// Notes that its component's gate has let it in.
    func hasPlace() {
        state.withLock { $0.isPlaced = true }
    }

    /// Says how it is ended early; done at once where it was abandoned already.
    func onAbandon(_ cancel: @escaping @Sendable () -> Void) {
        let isWanted = state.withLock { state in
            state.cancel = cancel
            return state.isWanted
        }
        if !isWanted { cancel() }
    }

    /// Notes the end of what has begun, and gives its place back; false where nobody wants the result.
    func end() -> Bool {
        gate?.leave()
        return state.withLock { state in
            defer { state.isWanted = false }
            state.cancel = nil
            return state.isWanted
        }
    }

    /// Forgets how it is ended early: nothing moves any more.
    func letGo() {
        let cancel = state.withLock { $0.cancel.take() }
        _ = consume cancel
    }

    /// Gives it up: out of the queue, or ended as ``onAbandon(_:)`` says; it keeps its place until it has really ended.
    func abandon() {
        let (cancel, isPlaced) = state.withLock { state in
            state.isWanted = false
            return (state.cancel.take(), state.isPlaced)
        }
        if !isPlaced { gate?.withdraw(self) }
        cancel?()
    }
}
