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
    /// - Returns: That it waits, what ended it at once, or why it was refused.
    package func register(
        _ id: WaitID,
        keys: [WaitKey],
        deadline: Instant,
        now: Instant
    )
        -> Registration
    {
        guard let places = places(of: keys) else { return .refused(.keyInvalid) }
        guard withOpenWait(id, { _, _ in true }) == nil else { return .refused(.exists) }
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
            return first != Node.none && shard.nodes[first].kind == .held
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
