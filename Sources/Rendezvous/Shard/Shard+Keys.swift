internal import Primitives

extension Shard {
    /// The first nodes of a key's rings.
    struct Rings {
        var live = WaiterNode.none
        var closing = WaiterNode.none
        var repeating = WaiterNode.none

        mutating func set(_ node: UInt32, _ ring: WaiterNode.Ring) {
            switch ring {
            case .live: live = node
            case .closing: closing = node
            case .repeating: repeating = node
            }
        }

        subscript(ring: WaiterNode.Ring) -> UInt32 {
            switch ring {
            case .live: live
            case .closing: closing
            case .repeating: repeating
            }
        }
    }

    /// The rings of a key from outside.
    mutating func rings(_ form: KeyForm, _ channel: Channel, _ key: Span<UInt8>) -> Rings {
        var found = Rings()
        _ = keys.first(hash: form.spot) { node in
            if holds(node, form, channel, key) { found.set(node, nodes[node].ring) }
            return false
        }
        return found
    }

    /// The rings of a node's key.
    mutating func rings(like node: UInt32, spot: UInt32) -> Rings {
        var found = Rings()
        _ = keys.first(hash: spot) { other in
            if hasSameKey(other, node) { found.set(other, nodes[other].ring) }
            return false
        }
        return found
    }

    /// Whether a node's key is this one, byte by byte.
    @inline(__always)
    func holds(_ node: UInt32, _ form: KeyForm, _ channel: Channel, _ key: Span<UInt8>) -> Bool {
        guard nodes[node].hasKey(form) else { return false }
        return !form.isLong || holdsRest(node, form, channel, key)
    }

    private func holdsRest(
        _ node: UInt32,
        _ form: KeyForm,
        _ channel: Channel,
        _ key: Span<UInt8>
    ) -> Bool {
        var cell = nodes[node].key2
        for place in 0..<form.cellCount {
            guard cells[cell].holdsSame(as: KeyCell(channel, key, place: place)) else {
                return false
            }
            cell = cells[cell].next
        }
        return true
    }

    /// Whether two nodes have the same key.
    func hasSameKey(_ left: UInt32, _ right: UInt32) -> Bool {
        let one = nodes[left]
        let other = nodes[right]
        guard (one.meta ^ other.meta) & WaiterNode.shapeMask == 0, one.key0 == other.key0,
            one.key1 == other.key1
        else { return false }
        guard KeyForm(of: one, hash: hash).isLong else { return one.key2 == other.key2 }
        var cell = one.key2
        var otherCell = other.key2
        while cell != WaiterNode.none, otherCell != WaiterNode.none {
            guard cells[cell].holdsSame(as: cells[otherCell]) else { return false }
            cell = cells[cell].next
            otherCell = cells[otherCell].next
        }
        return cell == otherCell
    }

    /// The place of a node's key in the index.
    mutating func spot(of node: UInt32) -> UInt32 {
        var form = KeyForm(of: nodes[node], hash: hash)
        if form.isLong {
            var state = hash.start(form.key0, form.key1)
            var cell = nodes[node].key2
            while cell != WaiterNode.none {
                state = cells[cell].hash(state, by: hash)
                cell = cells[cell].next
            }
            form.hash = form.finish(state, by: hash)
        }
        return form.spot
    }

    /// Makes a node that lies in no list yet.
    mutating func make(
        _ kind: WaiterNode.Kind,
        _ form: KeyForm,
        _ channel: Channel,
        _ key: Span<UInt8>,
        tick: UInt64
    ) -> UInt32 {
        var node = WaiterNode(form: form, kind: kind, tick: tick)
        if form.isLong {
            var next = WaiterNode.none
            for place in stride(from: form.cellCount - 1, through: 0, by: -1) {
                var cell = KeyCell(channel, key, place: place)
                cell.next = next
                next = cells.allocate(cell)
            }
            node.key2 = next
        }
        return nodes.allocate(node)
    }

    /// Gives a node back that lies in no list any more.
    mutating func free(_ node: UInt32) {
        if KeyForm(of: nodes[node], hash: hash).isLong {
            var cell = nodes[node].key2
            while cell != WaiterNode.none {
                let next = cells[cell].next
                cells.free(cell)
                cell = next
            }
        }
        nodes[node].kind = .gone
        nodes.free(node)
    }

    /// A node's key, for people.
    func key(of node: UInt32) -> WaitKey {
        let stored = nodes[node]
        let form = KeyForm(of: stored, hash: hash)
        guard !form.isPacked else {
            return WaitKey(
                channel: Channel(number: stored.key2),
                bytes: UUIDText.unpack(stored.key0, stored.key1)
            )
        }
        var bytes: [UInt8] = []
        for word in [stored.key0, stored.key1] {
            for index in 0..<8 {
                bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(index * 8)))
            }
        }
        let channel = appendRest(of: stored, form, to: &bytes)
        return WaitKey(channel: channel, bytes: Array(bytes.prefix(form.length)))
    }

    /// Appends what does not lie in the first 16 bytes; gives the channel, which stands there too.
    private func appendRest(
        of node: WaiterNode,
        _ form: KeyForm,
        to bytes: inout [UInt8]
    ) -> Channel {
        var rest: [UInt8] = []
        if form.isLong {
            var cell = node.key2
            while cell != WaiterNode.none {
                cells[cell].append(to: &rest)
                cell = cells[cell].next
            }
        } else {
            for index in 0..<4 {
                rest.append(UInt8(truncatingIfNeeded: node.key2 >> UInt32(index * 8)))
            }
        }
        bytes += form.hasChannel ? rest.dropFirst(4) : rest[...]
        guard form.hasChannel else { return .standard }
        return Channel(number: UInt32(truncatingIfNeeded: rest.span.word(at: 0) & 0xFFFF_FFFF))
    }
}
