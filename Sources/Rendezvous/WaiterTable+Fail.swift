internal import Primitives
internal import Synchronization

extension WaiterTable {
    /// Takes back every uncommitted decision from `number` on, newest first.
    ///
    /// All shards are locked meanwhile. The numbers from `number` to that of the first one in the answer are void,
    /// also those whose callers have not journaled them yet; the next decision gets the number after that. Called by
    /// the thread that also commits.
    ///
    /// - Complexity: O(shards + decisions · log decisions).
    package func fail(from number: UInt64) -> [UndoneDecision] {
        takeBack(from: number).undone
    }

    /// Does the same, and tells the last number that is void therefore: every decision after it stands.
    package func voidNumbers(from number: UInt64) -> UInt64 {
        takeBack(from: number).last
    }

    private func takeBack(from number: UInt64) -> (undone: [UndoneDecision], last: UInt64) {
        guard !configuration.isFinalAtOnce else { return ([], lastNumber) }
        let first = max(number, final &+ 1)
        return shards.withLocks(Array(0..<shards.count)) { locked in
            var changes: [(number: UInt64, shard: Int)] = []
            for place in 0..<shards.count {
                locked.with(place) { shard in
                    for number in shard.numbers(from: first) { changes.append((number, place)) }
                }
            }
            // Within a shard the numbers ascend, so taking its youngest change each time follows this order.
            changes.sort { $0.number > $1.number }
            var undone: [UndoneDecision] = []
            for change in changes {
                guard let entry = locked.with(change.shard, { $0.undoLast() }) else { continue }
                guard let report = entry.report else { continue }
                restore(report, entry.change, shard: change.shard)
                undone.append(UndoneDecision(number: entry.number, kind: report))
            }
            return (undone, lastNumber)
        }
    }

    /// Sets the count of waits and the directory right after a change was turned back.
    private func restore(
        _ report: UndoneDecision.Kind,
        _ change: UndoEntry.Change,
        shard: Int
    ) {
        switch (report, change) {
        case (.delivered(let id), .closed(let node, _)), (.ended(let id, _), .closed(let node, _)),
            (.matchedByFurtherKey(let id), .closed(let node, _)):
            opened.add(1, ordering: .relaxed)
            rememberWait(id, WaitGroup.Member(shard: shard, node: node))
        case (.registered(let id), .opened(let node)):
            forgetWait(id, WaitGroup.Member(shard: shard, node: node))
        default:
            break
        }
    }
}

extension Shard {
    /// The numbers of the changes from `first` on, youngest first.
    func numbers(from first: UInt64) -> [UInt64] {
        var found: [UInt64] = []
        for offset in stride(from: undo.count - 1, through: 0, by: -1) {
            guard let number = undo.look(at: offset, { $0.number }), number >= first else { break }
            found.append(number)
        }
        return found
    }
}
