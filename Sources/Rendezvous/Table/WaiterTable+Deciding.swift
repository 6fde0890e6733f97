package import Primitives

extension WaiterTable {
    /// Decides about a callback.
    ///
    /// - Parameters:
    ///   - sought: What ``prepare(channel:key:)`` gave for this channel and key.
    ///   - key: The callback's key, 1 to 1,024 bytes.
    ///   - fingerprint: What makes it the same callback: of channel, key and content (``FoldHash``).
    ///   - older: Its fingerprint by the rule of older versions, by which what they left is compared; nil where it is the
    ///     same.
    ///   - options: What its endpoint asks for.
    ///   - now: The present moment.
    ///   - size: How many bytes its result has; asked only where who waits does not take everything.
    ///   - makeRecord: Called at most once: under the lock when the callback is to be held, after the lock when it
    ///     was delivered, not otherwise. The table keeps a held one; of a delivered one it wants nothing, so the
    ///     caller keeps what it makes there.
    /// - Returns: What became of it.
    package func arrive(
        _ sought: PreparedKey,
        key: Span<UInt8>,
        fingerprint: Fingerprint,
        older: Fingerprint? = nil,
        options: ArriveOptions,
        now: Instant,
        size: () -> Int = { 0 },
        makeRecord: () -> CallbackRecord
    ) -> Arrival {
        let callback = Callback(
            form: sought.form,
            channel: sought.channel,
            fingerprint: fingerprint,
            older: older,
            options: options,
            now: now
        )
        let place = shard(of: sought.form.hash)
        var step = shards.withLock(place) { shard in
            decide(&shard, callback, key, size, makeRecord)
        }
        while true {
            switch step {
            case .done(let arrival):
                if case .delivered = arrival { _ = makeRecord() }
                return arrival
            case .several(let group):
                step = decide(at: place, with: group, callback, key, size, makeRecord)
            }
        }
    }

    /// A callback without its key's bytes, which cannot be stored.
    ///
    /// Not copied, because it is a good hundred bytes that go through every function here.
    private struct Callback: ~Copyable {
        let form: KeyForm
        let channel: Channel
        let fingerprint: Fingerprint
        let older: Fingerprint?
        let options: ArriveOptions
        let now: Instant
    }

    /// What one look at a shard came to.
    private enum Step {
        case done(Arrival)
        /// The waiter has several keys: the locks of all its shards are needed.
        case several(WaitGroup)
    }

    private func decide(
        _ shard: inout Shard,
        _ callback: borrowing Callback,
        _ key: Span<UInt8>,
        _ size: () -> Int,
        _ makeRecord: () -> CallbackRecord
    ) -> Step {
        // All looks miss the caches in a large table: the mark to link to comes while who waits is looked for.
        shard.keys.prefetch(hash: callback.form.spot)
        shard.approachMarks()
        shard.settle(committed: final)
        let rings = shard.rings(callback.form, callback.channel, key)
        if let node = known(&shard, callback, rings, key) {
            let first = shard.nodes[node].kind == .held ? FirstAnswer.held : .delivered
            return .done(.duplicate(of: first, number: shard.nodes[node].number))
        }
        if rings.live != WaiterNode.none, shard.nodes[rings.live].kind == .waiter {
            if shard.nodes[rings.live].isBounded, !fits(size(), shard.nodes[rings.live].id) {
                return .done(.tooLarge)
            }
            if let group = shard.group(of: rings.live) { return .several(group) }
            return .done(deliver(&shard, callback, rings))
        }
        if !callback.options.reuseKeys, rings.closing != WaiterNode.none {
            let newest = shard.nodes[shard.nodes[rings.closing].ringPrevious]
            return .done(.conflict(newest.how, number: newest.number))
        }
        if callback.options.rejectUnmatched { return .done(.rejected) }
        return .done(hold(&shard, callback, key, head: rings.live, makeRecord))
    }

    /// The held callback or mark that the callback repeats.
    @inline(__always)
    private func known(
        _ shard: inout Shard,
        _ callback: borrowing Callback,
        _ rings: Shard.Rings,
        _ key: Span<UInt8>
    ) -> UInt32? {
        let (form, channel) = (callback.form, callback.channel)
        if let node = shard.printed(callback.fingerprint, rings, form, channel, key) { return node }
        guard let older = callback.older else { return nil }
        return shard.olderPrinted(older, rings, form, channel, key)
    }

    /// Decides again with the locks of a group held; the waiter may be another one by now.
    private func decide(
        at place: Int,
        with group: WaitGroup,
        _ callback: borrowing Callback,
        _ key: Span<UInt8>,
        _ size: () -> Int,
        _ makeRecord: () -> CallbackRecord
    ) -> Step {
        shards.withLocks(group.shards) { locked in
            let step = locked.with(place) { shard in
                decide(&shard, callback, key, size, makeRecord)
            }
            guard case .several(let found) = step, locked.missing(of: found.shards).isEmpty else {
                return step
            }
            let ending = ending(
                .answered,
                callback.fingerprint,
                now: callback.now,
                isReusable: callback.options.reuseKeys
            )
            close(&locked, found.members, found.id, ending, .delivered(found.id))
            return .done(.delivered(found.id, number: ending.number))
        }
    }

    private func deliver(
        _ shard: inout Shard,
        _ callback: borrowing Callback,
        _ rings: Shard.Rings
    )
        -> Arrival
    {
        let node = rings.live
        let id = shard.nodes[node].id
        let ending = ending(
            .answered,
            callback.fingerprint,
            now: callback.now,
            isReusable: callback.options.reuseKeys
        )
        shard.close(
            node,
            ending,
            rings: rings,
            spot: callback.form.spot,
            isLeader: true,
            report: .delivered(id)
        )
        forgetWait(id, WaitGroup.Member(shard: shard.place, node: node))
        shard.forget(committed: final)
        return .delivered(id, number: ending.number)
    }

    private func hold(
        _ shard: inout Shard,
        _ callback: borrowing Callback,
        _ key: Span<UInt8>,
        head: UInt32,
        _ makeRecord: () -> CallbackRecord
    ) -> Arrival {
        let options = callback.options
        let budget = shard.budget(options.listener)
        guard !shard.isFull, !budget.isFull else { return .heldFull }
        let record = makeRecord()
        guard budget.take(record.byteCount) else { return .heldFull }
        let number = draw()
        let until = tickUp(callback.now.advanced(by: options.holdFor))
        let node = shard.make(.held, callback.form, callback.channel, key, tick: until)
        shard.keep(
            node,
            HeldItem(record: record, listener: options.listener),
            callback.fingerprint,
            number: number,
            isReusable: options.reuseKeys,
            head: head,
            spot: callback.form.spot
        )
        return .held(number: number)
    }
}

extension WaiterTable {
    /// Ends an open wait without a callback and marks all its keys.
    ///
    /// - Parameters:
    ///   - id: Which wait.
    ///   - how: What its marks say: `cancelled` for a wait that was withdrawn, `timedOut` past its deadline.
    ///   - now: The present moment.
    /// - Returns: ``EndResult/lost`` when the wait is not open, committed or not.
    package func end(_ id: WaitID, how: EndedHow, now: Instant) -> EndResult {
        let number = withOpenWait(id) { locked, members -> UInt64 in
            let ending = ending(how, now: now)
            close(&locked, members, id, ending, .ended(id, how))
            return ending.number
        }
        return number.map { .ended(number: $0) } ?? .lost
    }

    /// Does what time demands: ends waits past their deadline, gives up held callbacks, forgets marks.
    ///
    /// Deadlines count in whole milliseconds, rounded up: never early, at most 1 ms late. A wait that was answered
    /// is not ended, committed or not.
    ///
    /// - Complexity: O(shards + what is due); each due one under a lock of its own.
    package func expire(now: Instant) -> [Expiry] {
        let tick = Tick.roundedDown(now, since: configuration.start)
        var expiries: [Expiry] = []
        for place in 0..<shards.count {
            for due in shards.withLock(place, { shard in shard.due(by: tick) }) {
                switch due {
                case .wait(let id):
                    if case .ended(let number) = end(id, how: .timedOut, now: now) {
                        expiries.append(.timedOut(id, number: number))
                    }
                case .held(let node, let number):
                    if let expiry = giveUp(place, node, number: number) { expiries.append(expiry) }
                }
            }
            while shards.withLock(
                place,
                { shard in
                    let final = final
                    shard.settle(committed: final)
                    return shard.forget(until: tick, committed: final)
                }
            ) {}
        }
        return expiries
    }

    /// When to call ``expire(now:)`` next: not after the nearest deadline unless that is past; nil when there is none.
    ///
    /// - Complexity: O(shards).
    package func nextDeadline() -> Instant? {
        var nearest: UInt64?
        for place in 0..<shards.count {
            let tick = shards.withLock(place) { shard in shard.nextTick(committed: final) }
            if let tick { nearest = min(tick, nearest ?? tick) }
        }
        return nearest.map { Tick.instant($0, since: configuration.start) }
    }

    private func giveUp(_ place: Int, _ node: UInt32, number: UInt64) -> Expiry? {
        shards.withLock(place) { shard in
            shard.settle(committed: final)
            guard shard.isHeld(node, number: number) else { return nil }
            let decision = draw()
            return shard.giveUp(node, number: decision).map {
                .unfetched($0.record, heldNumber: number, number: decision)
            }
        }
    }
}
