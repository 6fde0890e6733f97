internal import Primitives

extension Shard {
    /// Puts a new waiter's node behind the others of its key.
    ///
    /// Of a wait with several keys one node is timed: it carries the deadline.
    mutating func open(_ node: UInt32, _ id: WaitID, head: UInt32, spot: UInt32, isTimed: Bool) {
        nodes[node].id = id
        append(node, to: head, spot: spot)
        if isTimed { startTimer(node) }
    }

    mutating func startTimer(_ node: UInt32) {
        nodes[node].isTimed = true
        wheel.insert(node, in: &nodes)
    }

    mutating func stopTimer(_ node: UInt32) {
        guard nodes[node].isTimed else { return }
        nodes[node].isTimed = false
        wheel.remove(node, in: &nodes)
    }

    /// Whether a node is the open wait of this id.
    func isOpen(_ node: UInt32, _ id: WaitID) -> Bool {
        node < nodes.end && nodes[node].kind == .waiter && nodes[node].id == id
    }

    /// The group of a waiter's node; nil where it has one key only.
    @inline(__always)
    mutating func group(of node: UInt32) -> WaitGroup? {
        nodes[node].isOneOfSeveral ? groupBeside(node) : nil
    }

    private func groupBeside(_ node: UInt32) -> WaitGroup? {
        side(of: node).flatMap { groups[$0] }
    }

    /// Makes a waiter's node one of a group, or of none.
    mutating func setGroup(_ node: UInt32, _ group: WaitGroup?) {
        dropGroup(of: node)
        guard let group else { return }
        nodes[node].isOneOfSeveral = true
        setSide(of: node, groups.insert(group))
    }

    /// Makes a node one of no group.
    @inline(__always)
    mutating func dropGroup(of node: UInt32) {
        if nodes[node].isOneOfSeveral { dropGroupBeside(node) }
    }

    private mutating func dropGroupBeside(_ node: UInt32) {
        nodes[node].isOneOfSeveral = false
        if let place = takeSide(of: node) { _ = groups.remove(place) }
    }

    /// Turns a waiter's node into the mark of its end.
    mutating func close(
        _ node: UInt32,
        _ ending: Ending,
        rings: Rings,
        spot: UInt32,
        isLeader: Bool,
        report: UndoneDecision.Kind?
    ) {
        let closed =
            keepsUndo
            ? UndoEntry.Closed(
                id: nodes[node].id,
                tick: nodes[node].tick,
                before: before(node, head: rings.live),
                isTimed: isLeader,
                isBounded: nodes[node].isBounded,
                group: group(of: node)
            ) : nil
        stopTimer(node)
        dropGroup(of: node)
        let target = ending.isReusable ? rings.repeating : rings.closing
        if target == WaiterNode.none, nodes[node].ringNext == node {
            // Alone before and after: the ring and its place in the index stay as they are.
            nodes[node].become(ending)
            remember(node)
        } else {
            unlink(node, spot: spot)
            becomeMark(node, ending, head: target, spot: spot)
        }
        if let closed { note(ending.number, .closed(node, closed), report) }
    }

    /// Turns a held callback's node into the mark of the wait it ended, and hands out the record.
    mutating func fetch(_ node: UInt32, _ ending: Ending, rings: Rings, spot: UInt32) -> HeldItem? {
        let tick = nodes[node].tick
        let number = nodes[node].number
        stopTimer(node)
        dropPrint(node)
        guard let item = takeHeld(node) else { return nil }
        budget(item.listener).giveBack(item.record.byteCount)
        unlink(node, spot: spot)
        let target = ending.isReusable ? rings.repeating : rings.closing
        becomeMark(node, ending, head: target, spot: spot)
        note(ending.number, .fetched(node, item, tick: tick, number: number))
        return item
    }

    /// Puts a new held callback's node behind the others of its key.
    mutating func keep(
        _ node: UInt32,
        _ item: HeldItem,
        _ fingerprint: Fingerprint,
        number: UInt64,
        isReusable: Bool,
        head: UInt32,
        spot: UInt32
    ) {
        nodes[node].fingerprint = fingerprint
        nodes[node].number = number
        nodes[node].isReusable = isReusable
        setSide(of: node, held.insert(item))
        append(node, to: head, spot: spot)
        if nodes[node].ringNext != node { addPrint(node) }
        startTimer(node)
        note(number, .kept(node), .held)
    }

    /// Takes a held callback out that nobody fetched in time.
    mutating func giveUp(_ node: UInt32, number: UInt64) -> HeldItem? {
        guard let item = takeHeld(node) else { return nil }
        // Its timer is over, unless it was fetched and that was taken back since the timer fired.
        stopTimer(node)
        let spot = spot(of: node)
        let head = rings(like: node, spot: spot).live
        let before = before(node, head: head)
        dropPrint(node)
        unlink(node, spot: spot)
        budget(item.listener).giveBack(item.record.byteCount)
        nodes[node].kind = .gone
        note(number, .unfetched(node, item, before: before), .unfetched)
        return item
    }
}

/// The order of waiters that were put back in any other.
extension Shard {
    /// Notes under which number the last waiter of a ring was given its key.
    mutating func noteAge(inRingFrom head: UInt32, _ number: UInt64) {
        let node = Int(nodes[head].ringPrevious)
        if ages.count <= node {
            ages.append(contentsOf: repeatElement(0, count: node + 1 - ages.count))
        }
        ages[node] = number
    }

    /// Puts the waiters of each key in the order in which they were given it, and forgets when that was.
    mutating func sortRestored() {
        for node in 0..<UInt32(ages.count)
        where nodes[node].kind == .waiter && nodes[node].ringNext != node {
            let spot = spot(of: node)
            if rings(like: node, spot: spot).live == node { sortRing(from: node, spot) }
        }
        ages = []
    }

    private mutating func sortRing(from head: UInt32, _ spot: UInt32) {
        var ring: [UInt32] = []
        forEach(inRingFrom: head) { ring.append($0) }
        ring.sort { ages[Int($0)] < ages[Int($1)] }
        var previous = ring[ring.count - 1]
        for node in ring {
            nodes[previous].ringNext = node
            nodes[node].ringPrevious = previous
            previous = node
        }
        if ring[0] != head { keys.replace(hash: spot, value: head, with: ring[0]) }
    }
}
