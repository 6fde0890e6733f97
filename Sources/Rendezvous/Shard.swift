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

    var nodes = Pool<Node>()
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
    var oldestMark = Node.none
    var newestMark = Node.none
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
