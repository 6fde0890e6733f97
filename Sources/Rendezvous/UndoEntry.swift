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
