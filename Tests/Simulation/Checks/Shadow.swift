import Journal
import Primitives
import Rendezvous
import Workflows

/// A run as its committed events alone make it, and what they allow to be done.
struct Shadow {
    var machine: RunMachine
    let parent: UUIDv7?
    /// The calls that committed events have asked for.
    private(set) var calls: Set<AttemptRef> = []
    /// The waits that committed events have asked for.
    private(set) var waits: Set<AttemptRef> = []
    /// The child runs that committed events have asked for.
    private(set) var children: Set<UUIDv7> = []
    /// The calls whose outcome is known.
    private(set) var responded: Set<AttemptRef> = []
    /// The waits whose callback is committed, and in which life of the server that was.
    private(set) var calledBack: [AttemptRef: Int] = [:]

    /// The questions that are answered.
    private(set) var answered: Set<String> = []
    /// How often it was let go on after a failure.
    private(set) var retryCount = 0
    /// Whether somebody asked it to end.
    private(set) var isCancelled = false

    init(machine: RunMachine, parent: UUIDv7?) {
        self.machine = machine
        self.parent = parent
    }

    var isOver: Bool { machine.outcome != nil }

    var hasFailed: Bool {
        if case .failed? = machine.outcome { parent == nil } else { false }
    }

    /// Takes a committed event in; gives the keys under which it lets the run wait.
    mutating func take(_ row: RunEventRow, life: Int) -> [[UInt8]] {
        switch row.event {
        case .responded(let attempt, _): responded.insert(attempt)
        case .callback(let attempt, _): calledBack[attempt] = life
        case .answered(let id, _): answered.insert(id)
        case .retry: retryCount += 1
        case .cancel: isCancelled = true
        default: break
        }
        var keys: [[UInt8]] = []
        for effect in machine.apply(row.event, stamp: row.stamp) {
            switch effect {
            case .wait(let attempt, _, _, let found, _):
                waits.insert(attempt)
                keys += found
            case .addKey(_, _, let key): keys.append(key)
            case .call(let attempt, let call):
                guard call.isAnswered else { continue }
                calls.insert(attempt)
            case .startChild(_, _, _, let id): children.insert(id)
            default: break
            }
        }
        return keys
    }

    /// The waits that its machine has open.
    func openWaits(of id: UUIDv7) -> [WaitID] {
        machine.state.waiting.map { wait in
            WaitID(
                run: id,
                step: UInt32(clamping: wait.attempt.step),
                attempt: UInt32(clamping: wait.attempt.attempt)
            )
        }
    }
}
