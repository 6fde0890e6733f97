package import Primitives

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
