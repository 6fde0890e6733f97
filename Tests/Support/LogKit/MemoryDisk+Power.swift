package import SegmentLog
internal import TestKit

extension MemoryDisk {
    /// Lets the power go at the `count`-th call from now.
    package func cut(after count: Int) {
        state.withLock { $0.cutAt = $0.calls + count }
    }

    /// Lets the power go now.
    package func cutNow() {
        state.withLock { $0.isOff = true }
    }

    /// Lets the `count`-th call from now fail with `code`, and as many after it as make `times`; forgets an earlier fault.
    package func fail(at count: Int, times: Int = 1, code: Int32) {
        state.withLock { state in
            state.fault = Fault(call: state.calls + count, count: times, code: code)
            state.faultHit = nil
        }
    }

    /// Lets the next write to a file, or its sync, fail with `code`.
    package func failNext(_ operation: FileFailure.Operation, of name: String, code: Int32) {
        state.withLock { state in
            state.fault = Fault(call: 0, code: code, target: (operation, name))
            state.faultHit = nil
        }
    }

    /// Lets no call fail any more; gives what failed meanwhile.
    @discardableResult
    package func heal() -> FileFailure.Operation? {
        state.withLock { state in
            state.fault = nil
            return state.faultHit
        }
    }

    /// Comes back after a power cut: what was synced, and by chance any sector and the first
    /// changes of names of what was not.
    package func restart() {
        state.withLock { state in
            for (id, node) in state.nodes { state.nodes[id] = Self.torn(node, &state.random) }
            let kept = Int.random(in: 0...state.changes.count, using: &state.random)
            for change in state.changes.prefix(kept) {
                switch change {
                case .set(let name, let node): state.durableNames[name] = node
                case .remove(let name): state.durableNames[name] = nil
                }
            }
            state.names = state.durableNames
            state.changes = []
            let live = Set(state.names.values)
            state.nodes = state.nodes.filter { live.contains($0.key) }
            Self.powerUp(&state)
        }
    }

    /// Comes back after the process was killed: all that was written is there.
    package func restartProcess() {
        state.withLock { Self.powerUp(&$0) }
    }

    /// Changes bytes of a file on the medium.
    package func damage(_ name: String, at offset: Int, _ change: (inout UInt8) -> Void) {
        state.withLock { state in
            guard let id = state.names[name], var node = state.nodes[id] else { return }
            change(&node.current[offset])
            node.durable = node.current
            state.nodes[id] = node
        }
    }

    /// The bytes of a file.
    package func bytes(of name: String) -> [UInt8] {
        state.withLock { state in
            state.names[name].flatMap { state.nodes[$0]?.current } ?? []
        }
    }

    private static func powerUp(_ state: inout State) {
        state.isOff = false
        state.cutAt = .max
        state.fault = nil
        state.holder = nil
    }

    private static func torn(_ node: Node, _ random: inout SplitMix) -> Node {
        var node = node
        writeBackSome(&node, &random)
        node.current = node.durable
        return node
    }

    /// Has any part of what is not synced reach the medium; none of it counts as changed any more.
    static func writeBackSome(_ node: inout Node, _ random: inout SplitMix) {
        // One time in four loses all, one keeps all, the rest keeps any sectors.
        let mode = Int.random(in: 0..<4, using: &random)
        for range in node.dirty {
            for sector in stride(from: range.lowerBound, to: range.upperBound, by: 512) {
                guard mode == 1 || (mode > 1 && Bool.random(using: &random)) else { continue }
                let part = sector..<min(sector + 512, range.upperBound)
                node.durable.replaceSubrange(part, with: node.current[part])
            }
        }
        node.dirty = []
    }
}

extension MemoryDisk {
    /// What becomes of a call to another disk on the same power.
    package enum Fate: Sendable {
        case happens
        case cutsPower
        case isOff
    }

    /// Counts a change that another disk is to make, and tells what becomes of it.
    package func callElsewhere(isChange: Bool) -> Fate {
        state.withLock { state in
            if state.isOff { return .isOff }
            guard isChange else { return .happens }
            state.calls += 1
            guard state.calls >= state.cutAt else { return .happens }
            state.isOff = true
            return .cutsPower
        }
    }
}
