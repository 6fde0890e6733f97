internal import Primitives

extension Shard {
    /// The end of a wait, as it is remembered under each of its keys.
    struct Ending {
        let how: EndedHow
        let fingerprint: Fingerprint
        let number: UInt64
        let isReusable: Bool
        /// Until when it is remembered.
        let until: UInt64
        /// Whether the fingerprint was made by the rule of older versions.
        var isOlderPrint = false
    }

    /// The held callback or mark of this key, whose rings these are, that has this fingerprint.
    @inline(__always)
    mutating func printed(
        _ fingerprint: Fingerprint,
        _ rings: Rings,
        _ form: KeyForm,
        _ channel: Channel,
        _ key: Span<UInt8>
    ) -> UInt32? {
        if has(rings.live, fingerprint) { return rings.live }
        if has(rings.closing, fingerprint) { return rings.closing }
        if has(rings.repeating, fingerprint) { return rings.repeating }
        guard isOfSeveral(rings.live) || isOfSeveral(rings.closing) || isOfSeveral(rings.repeating)
        else { return nil }
        return printedAmongSeveral(fingerprint, form, channel, key)
    }

    /// The held callback or mark of this key, whose rings these are, that has this fingerprint by the rule of older
    /// versions.
    mutating func olderPrinted(
        _ fingerprint: Fingerprint,
        _ rings: Rings,
        _ form: KeyForm,
        _ channel: Channel,
        _ key: Span<UInt8>
    ) -> UInt32? {
        for head in [rings.live, rings.closing, rings.repeating]
        where has(head, fingerprint) && nodes[head].isOlderPrint { return head }
        return prints.first(hash: Self.spot(of: fingerprint)) { node in
            nodes[node].isOlderPrint && nodes[node].fingerprint == fingerprint
                && holds(node, form, channel, key)
        }
    }

    @inline(__always)
    private func has(_ node: UInt32, _ fingerprint: Fingerprint) -> Bool {
        node != WaiterNode.none && nodes[node].isPrinted && nodes[node].fingerprint == fingerprint
    }

    @inline(__always)
    private func isOfSeveral(_ node: UInt32) -> Bool {
        node != WaiterNode.none && nodes[node].ringNext != node
    }

    private mutating func printedAmongSeveral(
        _ fingerprint: Fingerprint,
        _ form: KeyForm,
        _ channel: Channel,
        _ key: Span<UInt8>
    ) -> UInt32? {
        prints.first(hash: Self.spot(of: fingerprint)) { node in
            nodes[node].fingerprint == fingerprint && holds(node, form, channel, key)
        }
    }

    /// Puts a node into the print index where it has a fingerprint; it is one of several in its ring.
    mutating func addPrint(_ node: UInt32) {
        guard nodes[node].isPrinted, !nodes[node].isInPrints else { return }
        nodes[node].isInPrints = true
        prints.insert(hash: Self.spot(of: nodes[node].fingerprint), value: node)
    }

    /// Takes a node out of the print index where it is there.
    mutating func dropPrint(_ node: UInt32) {
        guard nodes[node].isInPrints else { return }
        nodes[node].isInPrints = false
        prints.remove(hash: Self.spot(of: nodes[node].fingerprint), value: node)
    }

    private static func spot(of fingerprint: Fingerprint) -> UInt32 {
        // Mixed, because nothing obliges the caller to bring a good hash.
        UInt32(
            truncatingIfNeeded: ((fingerprint.low ^ fingerprint.high) &* 0x9E37_79B9_7F4A_7C15)
                >> 32
        )
    }

    /// Has the processor bring near what the next mark is linked to.
    @inline(__always)
    func approachMarks() {
        if newestMark != WaiterNode.none { nodes.prefetch(newestMark) }
    }

    /// Makes a node that lies in no list into a mark, and puts it into its lists.
    mutating func becomeMark(_ node: UInt32, _ ending: Ending, head: UInt32, spot: UInt32) {
        nodes[node].become(ending)
        append(node, to: head, spot: spot)
        remember(node)
    }

    /// Puts a mark into the list of all marks and, where it is one of several of its ring, into the print index.
    mutating func remember(_ node: UInt32) {
        let before = placeOfMark(numbered: nodes[node].number)
        let after = before == WaiterNode.none ? oldestMark : nodes[before].timerNext
        nodes[node].timerPrevious = before
        nodes[node].timerNext = after
        if before == WaiterNode.none { oldestMark = node } else { nodes[before].timerNext = node }
        if after == WaiterNode.none { newestMark = node } else { nodes[after].timerPrevious = node }
        markCount += 1
        if nodes[node].ringNext != node { addPrint(node) }
    }

    /// Behind which mark one with that number belongs; none where it is the oldest.
    @inline(__always)
    private func placeOfMark(numbered number: UInt64) -> UInt32 {
        var before = newestMark
        // Behind those with a lower number: usually the last; otherwise this one is put back after a failure.
        while before != WaiterNode.none, nodes[before].number > number {
            before = nodes[before].timerPrevious
        }
        return before
    }

    /// Takes a mark out of the list of all marks and out of the print index.
    mutating func unremember(_ node: UInt32) {
        let before = nodes[node].timerPrevious
        let after = nodes[node].timerNext
        if before == WaiterNode.none { oldestMark = after } else { nodes[before].timerNext = after }
        if after == WaiterNode.none {
            newestMark = before
        } else {
            nodes[after].timerPrevious = before
        }
        markCount -= 1
        dropPrint(node)
    }

    /// Takes the repeating marks of a key out, because a waiter registers; they are freed with the commit.
    mutating func retire(_ head: UInt32, number: UInt64, spot: UInt32) {
        guard head != WaiterNode.none else { return }
        var node = head
        repeat {
            unremember(node)
            node = nodes[node].ringNext
        } while node != head
        keys.remove(hash: spot, value: head)
        note(number, .retired(head))
    }

    /// Forgets committed marks: those past their time, and the oldest beyond the bound.
    ///
    /// - Returns: Whether there may be more: at most 64 go at once, so that the lock is not held for long.
    @discardableResult
    mutating func forget(until tick: UInt64? = nil, committed: UInt64) -> Bool {
        for _ in 0..<64 {
            guard oldestMark != WaiterNode.none, nodes[oldestMark].number <= committed else {
                return false
            }
            let isPast = tick.map { nodes[oldestMark].tick <= $0 } ?? false
            guard isPast || markCount > marksMax else { return false }
            if !isPast { evictedCount += 1 }
            let node = oldestMark
            unremember(node)
            unlink(node, spot: spot(of: node))
            free(node)
        }
        return true
    }
}
