package import HTTPEngine
internal import Primitives

/// A request under way that others may turn out to repeat: they learn from it what became of it.
///
/// May be used on any thread.
package final class ClaimFlight: Sendable {
    /// What became of the request.
    package enum Outcome: Sendable {
        /// It started its runs, and was answered so.
        case kept([UInt8])
        /// It was refused, and started nothing.
        case refused
        /// It could not be stored, and was told this.
        case lost(Problem)
    }

    /// What the request carries.
    let payload: Fingerprint
    private let state = Lock(State())

    /// Begins a request.
    init(payload: Fingerprint) {
        self.payload = payload
    }

    /// What became of it; nil while it is under way.
    var outcome: Outcome? { state.withLock { $0.outcome } }

    /// Calls `body` when the request is over, at once where it is.
    func whenOver(_ body: @escaping @Sendable (Outcome) -> Void) {
        let outcome = state.withLock { state -> Outcome? in
            if state.outcome == nil { state.waiting.append(body) }
            return state.outcome
        }
        if let outcome { body(outcome) }
    }

    /// Ends the request and tells those who wait; a second end does nothing.
    func end(_ outcome: Outcome) {
        let waiting = state.withLock { state -> [@Sendable (Outcome) -> Void] in
            guard state.outcome == nil else { return [] }
            state.outcome = outcome
            defer { state.waiting = [] }
            return state.waiting
        }
        for body in waiting { body(outcome) }
    }

    /// Who waits, and what became of the request.
    private struct State: Sendable {
        var waiting: [@Sendable (Outcome) -> Void] = []
        var outcome: Outcome?
    }
}
