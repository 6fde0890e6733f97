internal import Executor
internal import Loops
internal import Rendezvous

/// The callbacks that one loop matched in this turn, on their way to their runs.
///
/// They are handed over together when the turn ends: a worker is woken once a turn, not once a callback. Bound to its
/// loop.
final class Handover {
    private let engine: RunEngine
    private let pool: WorkerPool
    private let loop: EventLoop
    private var matched: [Match] = []

    /// A wait that a callback ended.
    private struct Match: Sendable {
        let wait: WaitID
        let callback: CallbackRecord
    }

    /// Makes the hand-over of a loop.
    init(engine: RunEngine, loop: EventLoop) {
        self.engine = engine
        self.loop = loop
        pool = engine.pool
    }

    /// Takes a callback whose match is settled.
    func add(_ wait: WaitID, _ callback: CallbackRecord) {
        // Taken in hand: two short accesses to the property instead of one that is checked while it lasts.
        var all: [Match] = []
        swap(&all, &matched)
        let isFirst = all.isEmpty
        if isFirst { all.reserveCapacity(64) }
        all.append(Match(wait: wait, callback: callback))
        swap(&all, &matched)
        if isFirst { loop.defer { self.handOver() } }
    }

    private func handOver() {
        let all = matched
        matched = []
        pool.submit(
            Work { [engine] in
                for match in all { engine.resume(match.wait, with: match.callback) }
            }
        )
    }
}
