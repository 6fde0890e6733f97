internal import Primitives

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
        guard oldestMark != Node.none, nodes[oldestMark].number <= committed else {
            return wheel.next
        }
        let forget = nodes[oldestMark].tick
        return wheel.next.map { min($0, forget) } ?? forget
    }
}
