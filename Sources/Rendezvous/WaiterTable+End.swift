package import Primitives

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
