internal import Primitives
internal import Synchronization

extension WaiterTable {
    /// Ends an open wait and marks all its keys; the locks of all its shards are held.
    func close(
        _ locked: inout LockedStripes<Shard>,
        _ members: [WaitGroup.Member],
        _ id: WaitID,
        _ ending: Shard.Ending,
        _ report: UndoneDecision.Kind
    ) {
        let final = final
        for (index, member) in members.enumerated() {
            locked.with(member.shard) { shard in
                shard.settle(committed: final)
                let spot = shard.spot(of: member.node)
                shard.close(
                    member.node,
                    ending,
                    rings: shard.rings(like: member.node, spot: spot),
                    spot: spot,
                    isLeader: index == 0,
                    report: index == 0 ? report : nil
                )
                shard.forget(committed: final)
            }
        }
        if let leader = members.first { forgetWait(id, leader) }
    }

    /// Runs `body` with the locks of an open wait's keys, and of one more shard; nil when the wait is not open.
    func withOpenWait<Result>(
        _ id: WaitID,
        and extra: Int? = nil,
        _ body: (inout LockedStripes<Shard>, [WaitGroup.Member]) -> Result
    ) -> Result? {
        for leader in candidates(id) {
            var places = Set([leader.shard, extra ?? leader.shard])
            while true {
                let look = shards.withLocks(places.sorted()) { locked -> Look<Result> in
                    let members = locked.with(leader.shard) { shard -> [WaitGroup.Member]? in
                        guard shard.isOpen(leader.node, id) else { return nil }
                        return shard.group(of: leader.node)?.members ?? [leader]
                    }
                    guard let members else { return .isGone }
                    let missing = locked.missing(of: members.map(\.shard))
                    guard missing.isEmpty else { return .needs(missing) }
                    return .done(body(&locked, members))
                }
                if case .done(let result) = look { return result }
                guard case .needs(let missing) = look else { break }
                places.formUnion(missing)
            }
        }
        return nil
    }

    /// What one look at a wait came to, and which shards another needs.
    private enum Look<Result> {
        case isGone
        case needs([Int])
        case done(Result)
    }

    /// Makes an open wait known by its id; its shard's lock is held.
    func rememberWait(_ id: WaitID, _ leader: WaitGroup.Member) {
        let hash = Self.hash(id)
        directory.withLock(stripe(hash)) { part in
            part.insert(hash: UInt32(truncatingIfNeeded: hash), place: Self.locator(leader))
        }
    }

    /// Forgets the id of a wait that is not open any more; its shard's lock is held.
    func forgetWait(_ id: WaitID, _ leader: WaitGroup.Member) {
        let hash = Self.hash(id)
        directory.withLock(stripe(hash)) { part in
            part.remove(hash: UInt32(truncatingIfNeeded: hash), place: Self.locator(leader))
        }
    }

    /// Where a wait of this id may lie; no shard's lock is held.
    private func candidates(_ id: WaitID) -> [WaitGroup.Member] {
        let hash = Self.hash(id)
        return directory.withLock(stripe(hash)) { part in
            var found: [WaitGroup.Member] = []
            part.forEach(hash: UInt32(truncatingIfNeeded: hash)) { locator in
                found.append(
                    WaitGroup.Member(shard: Int(locator >> 24), node: locator & 0xFF_FFFF)
                )
            }
            return found
        }
    }

    private func stripe(_ hash: UInt64) -> Int {
        Int(truncatingIfNeeded: hash >> 48) & (directory.count - 1)
    }

    private static func locator(_ member: WaitGroup.Member) -> UInt32 {
        UInt32(truncatingIfNeeded: member.shard) << 24 | member.node
    }

    /// A wait's place in the directory.
    ///
    /// Plain mixing is enough: ids are this server's own, nobody can choose them.
    private static func hash(_ id: WaitID) -> UInt64 {
        let tail = UInt64(id.step) << 32 | UInt64(id.attempt)
        var hash = id.run.low ^ (id.run.high << 32 | id.run.high >> 32)
        hash ^= tail &* 0x9E37_79B9_7F4A_7C15
        hash = (hash ^ hash >> 32) &* 0xD6E8_FEB8_6659_FD93
        hash = (hash ^ hash >> 32) &* 0xD6E8_FEB8_6659_FD93
        return hash ^ hash >> 32
    }
}
