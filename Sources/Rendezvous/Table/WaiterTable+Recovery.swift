package import Primitives
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

/// Bringing back what was known before a restart, before anything else is decided: waits first, then held callbacks,
/// then marks in the order of their numbers. Nothing here draws a number.
extension WaiterTable {
    /// Opens a wait that was open before; waits may come in any order, as ``finishRestoringWaits()`` puts them right.
    ///
    /// - Returns: False where the id or a key is not usable, or too many waits are open.
    package func restore(_ id: WaitID, keys: [NumberedKey], deadline: Instant) -> Bool {
        guard let places = places(of: keys.map(\.key)) else { return false }
        let locks = places.count == 1 ? [places[0].shard] : Set(places.map(\.shard)).sorted()
        return shards.withLocks(locks) { locked in
            let isOpen = open(&locked, id, places, tick: tickUp(deadline), number: final) != nil
            for lock in locks { locked.with(lock) { $0.settle(committed: final) } }
            guard isOpen else { return false }
            for place in places {
                guard let number = keys.first(where: { $0.key == place.key })?.number else {
                    continue
                }
                locked.with(place.shard) { shard in
                    let first = rings(&shard, place).live
                    shard.noteAge(inRingFrom: first, number)
                }
            }
            return true
        }
    }

    /// Has the waiters of each key stand in the order in which they were given it, once all of them are open again.
    ///
    /// - Complexity: O(waits), and O(n log n) for each key that n > 1 wait for.
    package func finishRestoringWaits() {
        for place in 0..<shards.count { shards.withLock(place) { $0.sortRestored() } }
    }

    /// Holds a callback that was held before, whatever the bound of its listener says by now.
    ///
    /// - Parameters:
    ///   - record: The callback.
    ///   - fingerprint: What makes it the same callback.
    ///   - number: The number under which it was taken.
    ///   - until: Until when it is held.
    ///   - options: What its endpoint asked for.
    ///   - isOlderPrint: Whether the fingerprint was made by the rule of older versions.
    /// - Returns: False where its key is not usable or the table is full.
    package func restore(
        _ record: CallbackRecord,
        fingerprint: Fingerprint,
        number: UInt64,
        until: Instant,
        options: ArriveOptions,
        isOlderPrint: Bool = false
    ) -> Bool {
        guard let place = places(of: [record.key])?.first else { return false }
        return shards.withLock(place.shard) { shard in
            guard !shard.isFull else { return false }
            shard.budget(options.listener).takeAgain(record.byteCount)
            let node = shard.make(
                .held,
                place.form,
                place.key.channel,
                place.key.bytes.span,
                tick: tickUp(until)
            )
            shard.nodes[node].isOlderPrint = isOlderPrint
            shard.keep(
                node,
                HeldItem(record: record, listener: options.listener),
                fingerprint,
                number: number,
                isReusable: options.reuseKeys,
                head: rings(&shard, place).live,
                spot: place.form.spot
            )
            shard.settle(committed: final)
            return true
        }
    }

    /// Remembers how a wait for a key ended before.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - mark: How it ended, by what, under which number, and until when that is remembered.
    /// - Returns: False where the key is not usable or the table is full.
    package func restore(_ key: WaitKey, mark: KeyReport.Mark) -> Bool {
        guard let place = places(of: [key])?.first else { return false }
        return shards.withLock(place.shard) { shard in
            guard !shard.isFull else { return false }
            let node = shard.make(
                .mark,
                place.form,
                place.key.channel,
                place.key.bytes.span,
                tick: 0
            )
            let ending = Shard.Ending(
                how: mark.how,
                fingerprint: mark.fingerprint ?? Fingerprint(high: 0, low: 0),
                number: mark.number,
                isReusable: mark.isReusable,
                until: tickUp(mark.until),
                isOlderPrint: mark.isOlderPrint
            )
            let rings = rings(&shard, place)
            let head = mark.isReusable ? rings.repeating : rings.closing
            shard.becomeMark(node, ending, head: head, spot: place.form.spot)
            shard.forget(committed: final)
            return true
        }
    }
}
