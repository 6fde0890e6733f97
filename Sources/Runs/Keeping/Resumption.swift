internal import Primitives
internal import Rendezvous
internal import Workflows

/// What of a run was under way when the process ended: the effects whose results its events do not know.
///
/// Gathered while the events are replayed; what a later event answers, or a later effect takes back, is no longer in it.
package struct Resumption: Sendable {
    /// The waits, with their further keys behind them.
    private(set) var waits: [AttemptRef: [Effect]] = [:]
    /// The calls whose outcome is unknown.
    private(set) var calls: [AttemptRef: any ComponentCall] = [:]
    /// The timers that were set.
    private(set) var timers: [TimerRef: WallTime] = [:]
    /// The runs that were started as steps and whose end is not known.
    private(set) var children: [AttemptRef: Effect] = [:]
    /// All runs that steps have started, by the step.
    private(set) var childIDs: [AttemptRef: UUIDv7] = [:]
    /// The steps whose child runs were to be cancelled.
    private(set) var cancelledChildren: Set<AttemptRef> = []
    /// The tries whose callback came before the response of their request.
    private(set) var answered: Set<AttemptRef> = []
    /// The waits that the store had open when the run was rebuilt; not all of them are the machine's any more.
    var storedWaits: [WaitID] = []

    /// Takes in what an event meant.
    mutating func note(_ event: RunEvent, _ effects: [Effect]) {
        switch event {
        case .responded(let attempt, _): calls[attempt] = nil
        case .callback(let attempt, _):
            waits[attempt] = nil
            if calls[attempt] != nil { answered.insert(attempt) }
        case .waitExpired(let attempt), .waitRefused(let attempt, _): waits[attempt] = nil
        case .timer(let timer): timers[timer] = nil
        case .childEnded(let attempt, _): children[attempt] = nil
        case .start, .cancel, .answered, .retry: break
        }
        for effect in effects { note(effect) }
    }

    private mutating func note(_ effect: Effect) {
        switch effect {
        case .wait(let attempt, _, _, _, _): waits[attempt] = [effect]
        case .addKey(let attempt, _, _): waits[attempt]?.append(effect)
        case .endWait(let attempt, _): waits[attempt] = nil
        case .call(let attempt, let call): calls[attempt] = call.isAnswered ? call : nil
        case .abandon(let attempt): calls[attempt] = nil
        case .setTimer(let timer, let moment): timers[timer] = moment
        case .cancelTimer(let timer): timers[timer] = nil
        case .startChild(let attempt, _, _, let id):
            children[attempt] = effect
            childIDs[attempt] = id
        case .cancelChild(let attempt):
            children[attempt] = nil
            cancelledChildren.insert(attempt)
        case .finished:
            (waits, calls, timers, children) = ([:], [:], [:], [:])
        case .history: break
        }
    }
}

// In the order of steps and tries, so that the same events lead to the same effects after every restart.
extension Resumption {
    /// The timers that were set, by their steps.
    var timersInOrder: [(key: TimerRef, value: WallTime)] {
        timers.sorted { left, right in
            left.key.attempt == right.key.attempt
                ? left.key.purpose.rawValue < right.key.purpose.rawValue
                : left.key.attempt < right.key.attempt
        }
    }

    /// The calls whose outcome is unknown, by their steps.
    var callsInOrder: [(key: AttemptRef, value: any ComponentCall)] {
        calls.sorted { $0.key < $1.key }
    }
}

extension Dictionary where Key == AttemptRef {
    /// The values in the order of steps and tries.
    var inOrder: [Value] { sorted { $0.key < $1.key }.map(\.value) }
}

extension AttemptRef {
    /// The order of steps, and of the tries of a step.
    static func < (left: AttemptRef, right: AttemptRef) -> Bool {
        (left.step, left.attempt) < (right.step, right.attempt)
    }
}
