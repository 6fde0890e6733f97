internal import Primitives

extension Shard {
    /// Puts a node behind the others of its ring.
    mutating func append(_ node: UInt32, to head: UInt32, spot: UInt32) {
        guard head != Node.none else {
            nodes[node].ringNext = node
            nodes[node].ringPrevious = node
            keys.insert(hash: spot, value: node)
            return
        }
        link(node, after: nodes[head].ringPrevious)
    }

    /// Puts a node behind `before` in its ring, or in front of the ring when that is none.
    mutating func insert(_ node: UInt32, after before: UInt32, head: UInt32, spot: UInt32) {
        guard before == Node.none || head == Node.none else {
            link(node, after: before)
            return
        }
        append(node, to: head, spot: spot)
        if head != Node.none { keys.replace(hash: spot, value: head, with: node) }
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
        node == head ? Node.none : nodes[node].ringPrevious
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
        guard head != Node.none else { return }
        var node = head
        repeat {
            body(node)
            node = nodes[node].ringNext
        } while node != head
    }
}
