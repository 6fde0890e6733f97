internal import Primitives

/// One part of the table, reached under its lock only: the nodes of the keys that fall to it.
///
/// A key has up to three rings of nodes: the live ones (waiters, or held callbacks, never both), the closing marks
/// (a later callback is refused) and the repeating marks (they only recognise repeats). The key index leads to the
/// first node of each ring. What of a key's own recognises a repeat lies in those rings: where a ring has several nodes,
/// the print index leads from a fingerprint to the held callback or mark that has it.
///
/// What is called for every callback is `mutating` also where it changes nothing: it is then given the place of the shard,
/// where a borrowed value of this kind is copied for the call, all 400 bytes of it.
struct Shard: ~Copyable {
    let place: Int
    let hash: FoldHash
    /// Whether decisions may be taken back until they are committed.
    let keepsUndo: Bool
    let budgets: [HeldBudget]
    let marksMax: Int

    var nodes = Pool<WaiterNode>()
    var cells = Pool<KeyCell>()
    var keys = HashIndex()
    var prints = HashIndex()
    var wheel = WheelCore()
    var held = Slab<HeldItem>()
    var groups = Slab<WaitGroup>()
    /// From a node to its place in `held` or `groups`, for those that have one.
    var sides = HashIndex()
    var undo = RingQueue<UndoEntry>()
    /// All marks, oldest first, in a list through their timer links.
    var oldestMark = WaiterNode.none
    var newestMark = WaiterNode.none
    /// While waits are put back, the number under which each node's waiter was given its key.
    var ages: [UInt64] = []
    var markCount = 0
    var evictedCount = 0

    /// The most nodes a shard has: a wait is looked up by eight bits of shard and 24 of node.
    static var nodesMax: Int { 1 << 24 - 2 }

    init(place: Int, hash: FoldHash, keepsUndo: Bool, budgets: [HeldBudget], marksMax: Int) {
        self.place = place
        self.hash = hash
        self.keepsUndo = keepsUndo
        self.budgets = budgets
        self.marksMax = marksMax
    }

    var isFull: Bool { nodes.count >= Self.nodesMax }

    /// Keeps what it takes to turn a change back, where that may be asked for; else what it would need goes at once.
    mutating func note(
        _ number: UInt64,
        _ change: UndoEntry.Change,
        _ report: UndoneDecision.Kind? = nil
    ) {
        guard keepsUndo else { return release(change) }
        undo.append(UndoEntry(number: number, change: change, report: report))
    }

    /// The bound of a listener; nobody's where there is no such listener.
    func budget(_ listener: Int) -> HeldBudget {
        budgets[min(max(listener, 0), budgets.count - 1)]
    }
}

extension Shard {
    /// Puts a node behind the others of its ring.
    mutating func append(_ node: UInt32, to head: UInt32, spot: UInt32) {
        guard head != WaiterNode.none else {
            nodes[node].ringNext = node
            nodes[node].ringPrevious = node
            keys.insert(hash: spot, value: node)
            return
        }
        link(node, after: nodes[head].ringPrevious)
    }

    /// Puts a node behind `before` in its ring, or in front of the ring when that is none.
    mutating func insert(_ node: UInt32, after before: UInt32, head: UInt32, spot: UInt32) {
        guard before == WaiterNode.none || head == WaiterNode.none else {
            link(node, after: before)
            return
        }
        append(node, to: head, spot: spot)
        if head != WaiterNode.none { keys.replace(hash: spot, value: head, with: node) }
    }

    /// Takes a node out of its ring.
    mutating func unlink(_ node: UInt32, spot: UInt32) {
        let next = nodes[node].ringNext
        guard next != node else {
            keys.remove(hash: spot, value: node)
            return
        }
        let previous = nodes[node].ringPrevious
        nodes[previous].ringNext = next
        nodes[next].ringPrevious = previous
        // Where it was the first, the next one is it now.
        keys.replace(hash: spot, value: node, with: next)
    }

    /// The node before another in its ring; none when it is the first.
    @inline(__always)
    func before(_ node: UInt32, head: UInt32) -> UInt32 {
        node == head ? WaiterNode.none : nodes[node].ringPrevious
    }

    private mutating func link(_ node: UInt32, after previous: UInt32) {
        let next = nodes[previous].ringNext
        // It was alone, and its fingerprint with it.
        if next == previous { addPrint(previous) }
        nodes[node].ringNext = next
        nodes[node].ringPrevious = previous
        nodes[previous].ringNext = node
        nodes[next].ringPrevious = node
    }

    /// Shows the nodes of a ring, first to last.
    func forEach(inRingFrom head: UInt32, _ body: (UInt32) -> Void) {
        guard head != WaiterNode.none else { return }
        var node = head
        repeat {
            body(node)
            node = nodes[node].ringNext
        } while node != head
    }
}

/// What few nodes have beside them: a held callback's record, the group of a wait with several keys.
extension Shard {
    /// Where in its slab lies what a node has beside it; nil where it has nothing.
    func side(of node: UInt32) -> UInt32? {
        sides.first(hash: Self.sideSpot(of: node)) { _ in true }
    }

    /// Notes where what a node has beside it lies; it has nothing yet.
    mutating func setSide(of node: UInt32, _ place: UInt32) {
        sides.insert(hash: Self.sideSpot(of: node), value: place)
    }

    /// Forgets what a node has beside it, and says where that lies; nil where it has nothing.
    mutating func takeSide(of node: UInt32) -> UInt32? {
        guard let place = side(of: node) else { return nil }
        sides.remove(hash: Self.sideSpot(of: node), value: place)
        return place
    }

    /// Takes the record of a held callback's node out; nil where it has none.
    mutating func takeHeld(_ node: UInt32) -> HeldItem? {
        takeSide(of: node).flatMap { held.remove($0) }
    }

    /// Multiplied by an odd number: no two nodes have the same hash.
    private static func sideSpot(of node: UInt32) -> UInt32 { node &* 0x9E37_79B1 }
}

extension Shard {
    /// What is due, named so that it is known again under the next lock.
    enum Due {
        case wait(WaitID)
        case held(UInt32, number: UInt64)
    }

    /// Takes all nodes out of the wheel that are due by a tick.
    mutating func due(by tick: UInt64) -> [Due] {
        var places: [UInt32] = []
        wheel.advance(to: tick, in: &nodes) { places.append($0) }
        return places.map { node in
            nodes[node].isTimed = false
            return nodes[node].kind == .held
                ? .held(node, number: nodes[node].number) : .wait(nodes[node].id)
        }
    }

    /// Whether a node is still the held callback with this number.
    func isHeld(_ node: UInt32, number: UInt64) -> Bool {
        node < nodes.end && nodes[node].kind == .held && nodes[node].number == number
    }

    /// The tick at which there is something to do next; nil when there is nothing.
    func nextTick(committed: UInt64) -> UInt64? {
        guard oldestMark != WaiterNode.none, nodes[oldestMark].number <= committed else {
            return wheel.next
        }
        let forget = nodes[oldestMark].tick
        return wheel.next.map { min($0, forget) } ?? forget
    }
}
