internal import Primitives

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
