internal import Primitives
internal import Synchronization

extension WaiterTable {
    /// How much the table holds.
    ///
    /// - Complexity: O(shards).
    package var counts: Counts {
        var counts = Counts(
            waiters: openCount,
            held: 0,
            heldBytes: 0,
            marks: 0,
            marksEvicted: 0
        )
        for budget in budgets where !budget.isShare {
            counts.held += budget.heldCount
            counts.heldBytes += budget.heldBytes
        }
        for place in 0..<shards.count {
            let (marks, evicted) = shards.withLock(place) { ($0.markCount, $0.evictedCount) }
            counts.marks += marks
            counts.marksEvicted += evicted
        }
        return counts
    }

    /// What the table knows about one key.
    ///
    /// - Complexity: O(what is known), some of it under the key's lock: for people, not for every request.
    package func explain(_ key: WaitKey) -> KeyReport {
        var found = KeyReport(waits: [], held: [], marks: [])
        guard let form = KeyForm(channel: key.channel, key.bytes.span, hash: hash)
        else { return found }
        var ids: [WaitID] = []
        shards.withLock(shard(of: form.hash)) { shard in
            let rings = shard.rings(form, key.channel, key.bytes.span)
            shard.forEach(inRingFrom: rings.live) { node in
                if shard.nodes[node].kind == .waiter {
                    ids.append(shard.nodes[node].id)
                } else if let held = report(held: node, shard) {
                    found.held.append(held)
                }
            }
            for head in [rings.closing, rings.repeating] {
                shard.forEach(inRingFrom: head) { node in
                    found.marks.append(mark(shard.nodes[node]))
                }
            }
        }
        found.marks.sort { $0.number < $1.number }
        found.waits = ids.compactMap { openWait($0) }
        return found
    }

    /// One open wait; nil when it is not open.
    package func openWait(_ id: WaitID) -> OpenWait? {
        withOpenWait(id) { locked, members in
            let keys = members.map { member in
                locked.with(member.shard) { $0.key(of: member.node) }
            }
            let tick = locked.with(members[0].shard) { $0.nodes[members[0].node].tick }
            return OpenWait(id: id, deadline: instant(tick), keys: keys)
        }
    }

    /// Shows every open wait once, shard by shard; waits that open or end meanwhile may be shown or not.
    ///
    /// - Complexity: O(waits); no lock is held while `body` runs.
    package func forEachOpenWait(_ body: (OpenWait) -> Void) {
        for place in 0..<shards.count {
            var next: UInt32 = 0
            while let found = waits(place, from: next) {
                for wait in found.single { body(wait) }
                for id in found.several {
                    if let wait = openWait(id) { body(wait) }
                }
                next = next &+ 256
            }
        }
    }

    /// The waits of 256 nodes; nil past the last one.
    ///
    /// One with several keys is named where its leading node lies: the others may lie in other shards.
    private func waits(
        _ place: Int,
        from first: UInt32
    ) -> (single: [OpenWait], several: [WaitID])? {
        shards.withLock(place) { shard in
            guard first < shard.nodes.end else { return nil }
            var single: [OpenWait] = []
            var several: [WaitID] = []
            for node in first..<min(first &+ 256, shard.nodes.end)
            where shard.nodes[node].kind == .waiter {
                let id = shard.nodes[node].id
                if let leader = shard.group(of: node)?.members.first {
                    if leader.node == node, leader.shard == place { several.append(id) }
                } else {
                    let deadline = instant(shard.nodes[node].tick)
                    single.append(OpenWait(id: id, deadline: deadline, keys: [shard.key(of: node)]))
                }
            }
            return (single, several)
        }
    }

    private func report(held node: UInt32, _ shard: borrowing Shard) -> KeyReport.Held? {
        let stored = shard.nodes[node]
        guard let item = shard.side(of: node).flatMap({ shard.held[$0] }) else { return nil }
        return KeyReport.Held(
            record: item.record,
            number: stored.number,
            until: instant(stored.tick),
            isReusable: stored.isReusable
        )
    }

    private func mark(_ node: WaiterNode) -> KeyReport.Mark {
        KeyReport.Mark(
            how: node.how,
            fingerprint: node.how == .answered ? node.fingerprint : nil,
            number: node.number,
            until: instant(node.tick),
            isReusable: node.isReusable
        )
    }

    private func instant(_ tick: UInt64) -> Instant {
        Tick.instant(tick, since: configuration.start)
    }
}
