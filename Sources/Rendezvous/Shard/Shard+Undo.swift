internal import Primitives

extension Shard {
    /// Drops what committed decisions no longer need.
    mutating func settle(committed: UInt64) {
        while let number = undo.look({ $0.number }), number <= committed,
            let entry = undo.popFirst()
        {
            release(entry.change)
        }
    }

    /// Frees the nodes that only wait for a decision to be final.
    mutating func release(_ change: UndoEntry.Change) {
        switch change {
        case .unfetched(let node, _, _): free(node)
        case .retired(let head): freeRing(head)
        default: break
        }
    }

    /// Turns the youngest change back.
    mutating func undoLast() -> UndoEntry? {
        guard let entry = undo.popLast() else { return nil }
        switch entry.change {
        case .opened(let node): dropWaiter(node)
        case .closed(let node, let closed): reopen(node, closed)
        case .kept(let node): dropHeld(node)
        case .fetched(let node, let item, let tick, let number):
            holdAgain(node, item, tick: tick, number: number)
        case .unfetched(let node, let item, let before):
            restoreHeld(node, item, before: before)
        case .marked(let node):
            unremember(node)
            unlink(node, spot: spot(of: node))
            free(node)
        case .retired(let head): recall(head)
        case .regrouped(let node, let group): setGroup(node, group)
        case .none: break
        }
        return entry
    }

    private mutating func dropWaiter(_ node: UInt32) {
        stopTimer(node)
        setGroup(node, nil)
        unlink(node, spot: spot(of: node))
        free(node)
    }

    private mutating func reopen(_ node: UInt32, _ closed: UndoEntry.Closed) {
        let spot = spot(of: node)
        unremember(node)
        unlink(node, spot: spot)
        nodes[node].kind = .waiter
        nodes[node].isReusable = false
        nodes[node].id = closed.id
        nodes[node].tick = closed.tick
        nodes[node].isBounded = closed.isBounded
        setGroup(node, closed.group)
        let head = rings(like: node, spot: spot).live
        insert(node, after: closed.before, head: head, spot: spot)
        if closed.isTimed { startTimer(node) }
    }

    private mutating func dropHeld(_ node: UInt32) {
        stopTimer(node)
        dropPrint(node)
        if let item = takeHeld(node) {
            budget(item.listener).giveBack(item.record.byteCount)
        }
        unlink(node, spot: spot(of: node))
        free(node)
    }

    private mutating func holdAgain(
        _ node: UInt32,
        _ item: HeldItem,
        tick: UInt64,
        number: UInt64
    ) {
        unremember(node)
        unlink(node, spot: spot(of: node))
        nodes[node].tick = tick
        nodes[node].number = number
        restoreHeld(node, item, before: WaiterNode.none)
    }

    private mutating func restoreHeld(_ node: UInt32, _ item: HeldItem, before: UInt32) {
        let spot = spot(of: node)
        let head = rings(like: node, spot: spot).live
        nodes[node].kind = .held
        setSide(of: node, held.insert(item))
        budget(item.listener).takeAgain(item.record.byteCount)
        insert(node, after: before, head: head, spot: spot)
        if nodes[node].ringNext != node { addPrint(node) }
        startTimer(node)
    }

    /// Puts retired marks back in force.
    private mutating func recall(_ head: UInt32) {
        keys.insert(hash: spot(of: head), value: head)
        var node = head
        repeat {
            remember(node)
            node = nodes[node].ringNext
        } while node != head
    }

    private mutating func freeRing(_ head: UInt32) {
        var node = head
        repeat {
            let next = nodes[node].ringNext
            free(node)
            node = next
        } while node != head
    }
}

/// One change of a shard by an uncommitted decision, with what it takes to turn it back.
struct UndoEntry {
    /// The decision's journal number.
    let number: UInt64
    let change: Change
    /// What to tell when it is turned back; one change of a decision has it.
    let report: UndoneDecision.Kind?

    /// One change of a shard, with what it takes to undo it.
    enum Change {
        /// A waiter's node was made.
        case opened(UInt32)
        /// A waiter's node became a mark.
        case closed(UInt32, Closed)
        /// A held callback's node was made.
        case kept(UInt32)
        /// A held callback's node, the first of its ring, became a mark.
        case fetched(UInt32, HeldItem, tick: UInt64, number: UInt64)
        /// A held callback's node was taken out; it waits for the commit to be freed.
        case unfetched(UInt32, HeldItem, before: UInt32)
        /// A mark's node was made.
        case marked(UInt32)
        /// A key's repeating marks were taken out; the ring of them waits for the commit to be freed.
        case retired(UInt32)
        /// A waiter's node came to belong to another group, or to one at all.
        case regrouped(UInt32, WaitGroup?)
        /// Nothing changed.
        case none
    }

    /// What a waiter's node was.
    struct Closed {
        let id: WaitID
        let tick: UInt64
        /// The node before it in its ring; none when it was the first.
        let before: UInt32
        /// Whether it carries the deadline.
        let isTimed: Bool
        /// Whether it does not take every result.
        let isBounded: Bool
        let group: WaitGroup?
    }
}
