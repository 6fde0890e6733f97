internal import Primitives

/// What runs have sent out and what has not come back: requests and programs; whether further ones may begin.
///
/// When the server goes down nothing begins any more, and it waits for what is under way: its outcome is journaled then, and
/// nothing is sent a second time after the restart. May be used on any thread.
package final class CallsInFlight: Sendable {
    private let state = Lock(State())

    /// Begins with nothing under way.
    package init() {}

    /// What the lock guards.
    private struct State {
        var underWay = 0
        var isHeld = false
        var whenNone: (@Sendable () -> Void)?
    }

    /// Counts one that begins.
    ///
    /// - Parameter isLast: Whether it begins also while others are held: it would have failed after a restart.
    /// - Returns: False where it must not begin; then it is not counted.
    package func begin(isLast: Bool = false) -> Bool {
        state.withLock { state in
            if state.isHeld, !isLast { return false }
            state.underWay += 1
            return true
        }
    }

    /// Counts one off whose outcome was handed on.
    package func end() {
        let whenNone = state.withLock { state -> (@Sendable () -> Void)? in
            state.underWay -= 1
            return state.underWay == 0 ? state.whenNone.take() : nil
        }
        whenNone?()
    }

    /// Lets nothing begin any more; `whenNone` is called once, when nothing is under way.
    package func hold(_ whenNone: @escaping @Sendable () -> Void) {
        let isNone = state.withLock { state in
            state.isHeld = true
            if state.underWay > 0 { state.whenNone = whenNone }
            return state.underWay == 0
        }
        if isNone { whenNone() }
    }
}
