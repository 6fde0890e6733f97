internal import Primitives

/// The answers that wait for runs, and what they say where the server goes down first.
///
/// May be used on any thread.
package final class PendingAnswers: Sendable {
    private let state = Lock(State())

    /// What the lock guards.
    private struct State {
        var bodies: [ObjectIdentifier: @Sendable () -> Void] = [:]
        var isOver = false
    }

    /// Has an answer given when the server goes down, at once where it does already.
    package func add(_ owner: ObjectIdentifier, _ body: @escaping @Sendable () -> Void) {
        let isOver = state.withLock { state in
            if !state.isOver { state.bodies[owner] = body }
            return state.isOver
        }
        if isOver { body() }
    }

    /// Forgets an answer that was given.
    package func remove(_ owner: ObjectIdentifier) {
        let body = state.withLock { $0.bodies.removeValue(forKey: owner) }
        _ = consume body
    }

    /// Has all answers given, and those that come later at once.
    package func giveAll() {
        let bodies = state.withLock { state in
            state.isOver = true
            defer { state.bodies = [:] }
            return state.bodies
        }
        for body in bodies.values { body() }
    }
}
