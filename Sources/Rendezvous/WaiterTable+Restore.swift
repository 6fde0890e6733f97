package import Primitives

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
