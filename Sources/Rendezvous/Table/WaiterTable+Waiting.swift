package import Primitives
internal import Synchronization

extension WaiterTable {
    /// Opens a wait, or ends it at once with the oldest held callback of the first key that has one.
    ///
    /// An id is registered by one thread at a time: that of its run.
    ///
    /// - Parameters:
    ///   - id: Who waits.
    ///   - keys: The keys under which it waits; equal ones count once.
    ///   - deadline: When it ends at the latest; held to 8 years after the table's start.
    ///   - now: The present moment.
    ///   - room: How many bytes of a result it takes; nil for whatever an endpoint lets in.
    /// - Returns: That it waits, what ended it at once, or why it was refused.
    package func register(
        _ id: WaitID,
        keys: [WaitKey],
        deadline: Instant,
        now: Instant,
        room: Int? = nil
    )
        -> Registration
    {
        guard let places = places(of: keys) else { return .refused(.keyInvalid) }
        guard withOpenWait(id, { _, _ in true }) == nil else { return .refused(.exists) }
        if let room { keepRoom(room, id) }
        // One key is the usual case and needs no set.
        let locks = places.count == 1 ? [places[0].shard] : Set(places.map(\.shard)).sorted()
        return shards.withLocks(locks) { locked in
            for (index, place) in places.enumerated() where hasHeld(&locked, place) {
                return matchAtOnce(&locked, id, places, hit: index, now: now)
            }
            return open(&locked, id, places, tick: tickUp(deadline)).map {
                .waiting(number: $0)
            } ?? .refused(.full(limit: configuration.waitersMax))
        }
    }

    /// The places of keys, each key once; nil when there is none or one has a wrong length.
    func places(of keys: [WaitKey]) -> [KeyPlace]? {
        var places: [KeyPlace] = []
        for key in keys where !places.contains(where: { $0.key == key }) {
            guard let form = KeyForm(channel: key.channel, key.bytes.span, hash: hash)
            else { return nil }
            places.append(KeyPlace(key: key, form: form, shard: shard(of: form.hash)))
        }
        return places.isEmpty ? nil : places
    }

    /// The rings of a key's place.
    func rings(_ shard: inout Shard, _ place: KeyPlace) -> Shard.Rings {
        shard.rings(place.form, place.key.channel, place.key.bytes.span)
    }

    /// Whether callbacks are held for a key; settles its shard first.
    func hasHeld(_ locked: inout LockedStripes<Shard>, _ place: KeyPlace) -> Bool {
        locked.with(place.shard) { shard in
            shard.settle(committed: final)
            let first = rings(&shard, place).live
            return first != WaiterNode.none && shard.nodes[first].kind == .held
        }
    }

    /// Makes the nodes of a new wait, under a number that is drawn where none is given.
    ///
    /// - Returns: The number; nil where too many waits are open.
    func open(
        _ locked: inout LockedStripes<Shard>,
        _ id: WaitID,
        _ places: [KeyPlace],
        tick: UInt64,
        number given: UInt64? = nil
    ) -> UInt64? {
        let isFull = places.contains { place in locked.with(place.shard) { $0.isFull } }
        guard !isFull, reserveWait() else { return nil }
        let number = given ?? draw()
        var members: [WaitGroup.Member] = []
        for (index, place) in places.enumerated() {
            let report = index == 0 ? UndoneDecision.Kind.registered(id) : nil
            members.append(
                openNode(
                    &locked,
                    id,
                    place,
                    number: number,
                    tick: tick,
                    isTimed: index == 0,
                    report
                )
            )
        }
        if members.count > 1 { setGroup(&locked, WaitGroup(id: id, members: members)) }
        rememberWait(id, members[0])
        return number
    }

    /// Makes one node of a wait that is being opened, or that gets a further key.
    func openNode(
        _ locked: inout LockedStripes<Shard>,
        _ id: WaitID,
        _ place: KeyPlace,
        number: UInt64,
        tick: UInt64,
        isTimed: Bool,
        _ report: UndoneDecision.Kind?
    ) -> WaitGroup.Member {
        locked.with(place.shard) { shard in
            let rings = rings(&shard, place)
            shard.retire(rings.repeating, number: number, spot: place.form.spot)
            let node = shard.make(
                .waiter,
                place.form,
                place.key.channel,
                place.key.bytes.span,
                tick: tick
            )
            shard.open(node, id, head: rings.live, spot: place.form.spot, isTimed: isTimed)
            if hasRoom(id) { shard.nodes[node].isBounded = true }
            shard.note(number, .opened(node), report)
            return WaitGroup.Member(shard: place.shard, node: node)
        }
    }

    /// Tells all nodes of a wait that they belong together.
    func setGroup(_ locked: inout LockedStripes<Shard>, _ group: WaitGroup) {
        for member in group.members {
            locked.with(member.shard) { $0.setGroup(member.node, group) }
        }
    }

    /// Ends a wait that was never open, by a held callback.
    private func matchAtOnce(
        _ locked: inout LockedStripes<Shard>,
        _ id: WaitID,
        _ places: [KeyPlace],
        hit: Int,
        now: Instant
    ) -> Registration {
        let ending = endingOfHeld(&locked, places[hit], now: now)
        for (index, place) in places.enumerated() where index != hit {
            locked.with(place.shard) { shard in
                shard.retire(
                    rings(&shard, place).repeating,
                    number: ending.number,
                    spot: place.form.spot
                )
                let node = shard.make(
                    .mark,
                    place.form,
                    place.key.channel,
                    place.key.bytes.span,
                    tick: 0
                )
                let rings = rings(&shard, place)
                let head = ending.isReusable ? rings.repeating : rings.closing
                shard.becomeMark(node, ending, head: head, spot: place.form.spot)
                shard.note(ending.number, .marked(node))
            }
        }
        return fetch(&locked, places[hit], ending, .matchedAtRegistration(id))
    }

    /// The ending that the oldest held callback of a key makes.
    func endingOfHeld(
        _ locked: inout LockedStripes<Shard>,
        _ place: KeyPlace,
        now: Instant
    ) -> Shard.Ending {
        locked.with(place.shard) { shard in
            let held = shard.nodes[rings(&shard, place).live]
            var ending = ending(
                .answered,
                held.fingerprint,
                now: now,
                isReusable: held.isReusable
            )
            ending.isOlderPrint = held.isOlderPrint
            return ending
        }
    }

    /// Takes the oldest held callback of a key, whose node becomes the mark.
    func fetch(
        _ locked: inout LockedStripes<Shard>,
        _ place: KeyPlace,
        _ ending: Shard.Ending,
        _ report: UndoneDecision.Kind?
    ) -> Registration {
        locked.with(place.shard) { shard in
            shard.retire(
                rings(&shard, place).repeating,
                number: ending.number,
                spot: place.form.spot
            )
            let rings = rings(&shard, place)
            let item = shard.fetch(rings.live, ending, rings: rings, spot: place.form.spot)
            if let report { shard.note(ending.number, .none, report) }
            shard.forget(committed: final)
            guard let item else { preconditionFailure("a held callback without its record") }
            return .matched(item.record, number: ending.number)
        }
    }
}

extension WaiterTable {
    /// Lets an open wait wait for a further key as well, or ends it with the oldest callback held for that key.
    ///
    /// - Returns: ``Registration/gone`` when the wait is not open any more.
    package func addKey(_ id: WaitID, key: WaitKey, now: Instant) -> Registration {
        guard let place = places(of: [key])?.first else { return .refused(.keyInvalid) }
        let result = withOpenWait(id, and: place.shard) { locked, members -> Registration in
            if hasHeld(&locked, place) {
                return matchFurther(&locked, id, members, place, now: now)
            }
            return join(&locked, id, members, place)
        }
        return result ?? .gone
    }

    /// Gives an open wait one more node.
    private func join(
        _ locked: inout LockedStripes<Shard>,
        _ id: WaitID,
        _ members: [WaitGroup.Member],
        _ place: KeyPlace
    ) -> Registration {
        guard !locked.with(place.shard, { $0.isFull }) else {
            return .refused(.full(limit: configuration.waitersMax))
        }
        let number = draw()
        let isThere = members.contains { member in
            member.shard == place.shard
                && locked.with(place.shard) { shard in
                    shard.holds(
                        member.node,
                        place.form,
                        place.key.channel,
                        place.key.bytes.span
                    )
                }
        }
        guard !isThere else {
            locked.with(place.shard) { $0.note(number, .none, .keyAdded(id)) }
            return .waiting(number: number)
        }
        for member in members {
            locked.with(member.shard) { shard in
                shard.note(number, .regrouped(member.node, shard.group(of: member.node)))
            }
        }
        let tick = members.first.map { first in
            locked.with(first.shard) { $0.nodes[first.node].tick }
        }
        let member = openNode(
            &locked,
            id,
            place,
            number: number,
            tick: tick ?? 0,
            isTimed: false,
            .keyAdded(id)
        )
        setGroup(&locked, WaitGroup(id: id, members: members + [member]))
        return .waiting(number: number)
    }

    /// Ends an open wait by a callback held for its further key.
    private func matchFurther(
        _ locked: inout LockedStripes<Shard>,
        _ id: WaitID,
        _ members: [WaitGroup.Member],
        _ place: KeyPlace,
        now: Instant
    ) -> Registration {
        let ending = endingOfHeld(&locked, place, now: now)
        close(&locked, members, id, ending, .matchedByFurtherKey(id))
        return fetch(&locked, place, ending, nil)
    }
}

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
