/// The hierarchical timer wheel over nodes that lie in a pool of the owner's: no allocation of its own per timer.
///
/// Seven levels of 64 slots: a node lies on the level of the highest six-bit digit in which its tick differs from
/// the present one, in the slot of that digit. When the present reaches a slot of a higher level, its nodes move down.
///
/// - Complexity: O(1) to insert and remove; a node moves down at most six times.
@usableFromInline
package struct WheelCore: Sendable {
    /// The last tick a node may have; later ones count as this: 139 years of milliseconds.
    @inlinable package static var tickMax: UInt64 { 1 << 42 - 1 }

    @usableFromInline static var overdue: Int { 7 * 64 }
    @usableFromInline static var none: UInt32 { .max }
    /// The first node of each slot, level by level, then the list of those due when they came.
    @usableFromInline var heads: [UInt32]
    /// Which slots of a level are not empty.
    @usableFromInline var occupied: [7 of UInt64]
    /// The tick up to which everything is done.
    @inlinable package var present: UInt64 { reached }
    @usableFromInline var reached: UInt64
    /// The neighbours of the node that was removed last: they are told of each other before the next change, when the
    /// cache lines they lie in have come near.
    @usableFromInline var leftNext: UInt32
    @usableFromInline var leftPrevious: UInt32

    /// Makes an empty wheel at a tick.
    @inlinable
    package init(present: UInt64 = 0) {
        heads = [UInt32](repeating: Self.none, count: Self.overdue + 1)
        occupied = [7 of UInt64](repeating: 0)
        reached = min(present, Self.tickMax)
        leftNext = Self.none
        leftPrevious = Self.none
    }

    /// Takes a node in; it lies in no list.
    @inlinable
    package mutating func insert(_ node: UInt32, in nodes: inout Pool<some TimerNode>) {
        settle(in: &nodes)
        let slot = slot(of: nodes[node].timerTick)
        let head = heads[slot]
        nodes[node].timerNext = head
        nodes[node].timerPrevious = Self.none
        if head != Self.none { nodes[head].timerPrevious = node }
        heads[slot] = node
        if slot < Self.overdue { occupied[slot >> 6] |= 1 << UInt64(slot & 63) }
    }

    /// Takes a node out; it lies in this wheel, and its tick is the one it was inserted with.
    @inlinable
    package mutating func remove(_ node: UInt32, in nodes: inout Pool<some TimerNode>) {
        settle(in: &nodes)
        let next = nodes[node].timerNext
        let previous = nodes[node].timerPrevious
        leftNext = next
        leftPrevious = previous
        nodes.prefetch(next)
        nodes.prefetch(previous)
        guard previous == Self.none else { return }
        let slot = slot(of: nodes[node].timerTick)
        heads[slot] = next
        if next == Self.none, slot < Self.overdue {
            occupied[slot >> 6] &= ~(1 << UInt64(slot & 63))
        }
    }

    /// Tells the neighbours of the node that was removed last of each other.
    @inlinable
    mutating func settle(in nodes: inout Pool<some TimerNode>) {
        if leftNext != Self.none { nodes[leftNext].timerPrevious = leftPrevious }
        if leftPrevious != Self.none { nodes[leftPrevious].timerNext = leftNext }
        leftNext = Self.none
        leftPrevious = Self.none
    }

    /// A tick at or before that of the nearest node, from which on advancing does something; nil when empty.
    @inlinable package var next: UInt64? {
        heads[Self.overdue] != Self.none ? present : nextSlot()?.tick
    }

    /// Moves the present to `tick` and shows every node that is due by then, in the order of ticks, once taken out.
    ///
    /// `due` must not insert into or remove from the wheel.
    @inlinable
    package mutating func advance<Node: TimerNode>(
        to tick: UInt64,
        in nodes: inout Pool<Node>,
        due: (UInt32) -> Void
    ) {
        settle(in: &nodes)
        empty(Self.overdue, in: &nodes) { node, _ in due(node) }
        let target = min(tick, Self.tickMax)
        while let (slot, start) = nextSlot(), start <= target {
            reached = start
            var later: UInt32 = Self.none
            empty(slot, in: &nodes) { node, nodes in
                if nodes[node].timerTick <= start {
                    due(node)
                } else {
                    nodes[node].timerNext = later
                    later = node
                }
            }
            while later != Self.none {
                let node = later
                later = nodes[node].timerNext
                insert(node, in: &nodes)
            }
        }
        reached = max(present, target)
    }

    /// Takes all nodes out of a slot.
    @inlinable
    mutating func empty<Node: TimerNode>(
        _ slot: Int,
        in nodes: inout Pool<Node>,
        _ body: (UInt32, inout Pool<Node>) -> Void
    ) {
        var node = heads[slot]
        heads[slot] = Self.none
        if slot < Self.overdue { occupied[slot >> 6] &= ~(1 << UInt64(slot & 63)) }
        while node != Self.none {
            let next = nodes[node].timerNext
            body(node, &nodes)
            node = next
        }
    }

    /// The slot a tick belongs to at present.
    @inlinable
    func slot(of tick: UInt64) -> Int {
        let tick = min(tick, Self.tickMax)
        guard tick > present else { return Self.overdue }
        let level = (63 - (tick ^ present).leadingZeroBitCount) / 6
        return level << 6 | Int(tick >> UInt64(level * 6) & 63)
    }

    /// The slot that comes next, and the tick at which it begins.
    ///
    /// The lowest level that has one is the nearest.
    @inlinable
    func nextSlot() -> (slot: Int, tick: UInt64)? {
        for level in 0..<7 {
            let shift = UInt64(level * 6)
            let digit = present >> shift & 63
            let ahead = occupied[level] & ~(1 << digit | (1 << digit - 1))
            guard ahead != 0 else { continue }
            let found = ahead.trailingZeroBitCount
            let start = (present >> (shift + 6)) << (shift + 6) | UInt64(found) << shift
            return (level << 6 | found, start)
        }
        return nil
    }
}
