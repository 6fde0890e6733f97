package import Primitives
package import Store

/// The runs of this process: those under way, and the last ones that ended, for whoever asks.
///
/// Sharded by id, so that loops, workers and the controller seldom meet at one lock.
package final class RunRegistry: Sendable {
    /// How many ended runs are kept for reading.
    private let endedCountMax: Int
    private let shards: [Shard]
    private let active = Lock(0)
    private let activeCountMax: Int

    private static let shardCount = 64

    /// Makes an empty registry.
    ///
    /// - Parameters:
    ///   - activeCountMax: The most runs under way at once (`executor.max_active_runs`).
    ///   - endedCountMax: How many ended runs are kept; the oldest go first.
    init(activeCountMax: Int, endedCountMax: Int) {
        self.activeCountMax = activeCountMax
        self.endedCountMax = endedCountMax
        shards = (0..<Self.shardCount).map { _ in Shard() }
    }

    /// How many runs are under way.
    var activeCount: Int { active.withLock { $0 } }

    /// Takes `count` places for new runs; false when that would pass the bound, then none is taken.
    func reserve(_ count: Int) -> Bool {
        active.withLock { taken in
            guard count <= activeCountMax - taken else { return false }
            taken += count
            return true
        }
    }

    /// Adds a run whose place was reserved.
    func add(_ run: RunActor) {
        shard(run.id).runs.withLock { $0.cells[run.id] = run }
    }

    /// The run with an id, under way or ended; nil where it is unknown or forgotten.
    package func find(_ id: UUIDv7) -> RunActor? {
        shard(id).runs.withLock { $0.cells[id] }
    }

    /// Counts a run in that goes on after a restart, whatever the bound.
    func reserveAnyway() {
        active.withLock { $0 += 1 }
    }

    /// Forgets a run that never began, and gives its place back.
    func remove(_ id: UUIDv7) {
        active.withLock { $0 -= 1 }
        shard(id).runs.withLock { $0.cells[id] = nil }
    }

    /// Forgets all runs, with whatever they hold, once nothing moves any more.
    func letGo() {
        for shard in shards {
            // Given back outside of the lock: with the last hold on a run much may go.
            let cells = shard.runs.withLock { runs in
                defer { runs.cells = [:] }
                return runs.cells
            }
            for cell in cells.values { cell.letGo() }
        }
    }

    /// Keeps a run that ended before, for as long as other ended ones.
    func addEnded(_ run: RunActor) {
        shard(run.id).runs.withLock { $0.cells[run.id] = run }
        keepEnded(run.id)
    }

    /// Gives back a place that was taken for a run and is not needed.
    func release() {
        active.withLock { $0 -= 1 }
    }

    /// Keeps a run that had ended and goes on, for as long as it does; its place was reserved.
    ///
    /// - Returns: False where it was pushed out already.
    func reopen(_ run: RunActor) -> Bool {
        shard(run.id).runs.withLock { runs in
            guard runs.cells[run.id] === run else { return false }
            if let index = runs.ended[runs.endedStart...].firstIndex(of: run.id) {
                runs.ended.remove(at: index)
            }
            return true
        }
    }

    /// Gives the place of a run that has ended back; it stays known until it is kept no more.
    func end(_ id: UUIDv7) {
        active.withLock { $0 -= 1 }
    }

    /// Keeps a run of which nothing is under way any more until newer ones push it out.
    ///
    /// Until then it is not pushed out: what it decided and could not be settled has to come back to it.
    func keepEnded(_ id: UUIDv7) {
        let keepMax = max(1, endedCountMax / Self.shardCount)
        shard(id).runs.withLock { runs in
            runs.ended.append(id)
            if runs.ended.count - runs.endedStart > keepMax {
                runs.cells[runs.ended[runs.endedStart]] = nil
                runs.endedStart += 1
            }
            if runs.endedStart > 1024, runs.endedStart * 2 > runs.ended.count {
                runs.ended.removeFirst(runs.endedStart)
                runs.endedStart = 0
            }
        }
    }

    /// The newest runs that a query names, newest first, one more than its page where there are more.
    ///
    /// - Complexity: O(runs): not for a loop thread.
    package func find(_ query: RunQuery) -> [RunActor] {
        var found: [RunActor] = []
        for shard in shards {
            let cells = shard.runs.withLock { Array($0.cells.values) }
            found += cells.lazy.filter(query.takes)
            if found.count > 4 * query.limit { Self.keepNewest(query.limit + 1, of: &found) }
        }
        Self.keepNewest(query.limit + 1, of: &found)
        return found
    }

    private static func keepNewest(_ count: Int, of runs: inout [RunActor]) {
        runs.sort { $1.id < $0.id }
        if runs.count > count { runs.removeLast(runs.count - count) }
    }

    private func shard(_ id: UUIDv7) -> Shard {
        shards[Int(id.low % UInt64(Self.shardCount))]
    }

    /// The runs of one shard, and those of them that ended, oldest first.
    private struct Runs {
        var cells: [UUIDv7: RunActor] = [:]
        var ended: [UUIDv7] = []
        var endedStart = 0
    }

    /// One lock and the runs behind it.
    private final class Shard: Sendable {
        let runs = Lock(Runs())
    }
}
