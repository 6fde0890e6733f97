/// An open-addressing index from 32-bit hashes to 32-bit values; several values may have one hash.
///
/// Eight bytes a slot, filled to 70 to 87 %: it grows by a quarter, not by doubling, because it is most of what a
/// table of millions costs beyond its entries. Removal closes the gap, so there are no tombstones.
///
/// - Complexity: O(1) on average where hashes are spread; growing is O(count).
@usableFromInline
@safe package struct HashIndex: ~Copyable {
    @usableFromInline static var empty: UInt64 { .max }
    @usableFromInline var slots: SlotRow
    @usableFromInline var used: Int

    /// Makes an empty index; it allocates with the first value.
    @inlinable
    package init() {
        slots = SlotRow(count: 0)
        used = 0
    }

    /// How many values there are.
    @inlinable package var count: Int { used }

    /// How far the farthest value lies from where its hash puts it: long ways mean bad hashes.
    ///
    /// - Complexity: O(slots).
    package var longestWay: Int {
        var longest = 0
        for place in 0..<slots.count where slots[place] != Self.empty {
            let start = home(UInt32(truncatingIfNeeded: slots[place] >> 32))
            longest = max(longest, place >= start ? place - start : place - start + slots.count)
        }
        return longest
    }

    /// Asks the processor to bring near what a look at this hash will need.
    @inlinable @inline(always)
    package func prefetch(hash: UInt32) {
        if slots.count > 0 { slots.prefetch(home(hash)) }
    }

    /// Shows the values of a hash, oldest first, until `body` says true.
    ///
    /// - Returns: The value at which `body` said true, or nil.
    @inlinable @inline(always)
    package func first(hash: UInt32, where body: (UInt32) -> Bool) -> UInt32? {
        guard slots.count > 0 else { return nil }
        var place = home(hash)
        while slots[place] != Self.empty {
            let slot = slots[place]
            if UInt32(truncatingIfNeeded: slot >> 32) == hash {
                let value = UInt32(truncatingIfNeeded: slot)
                if body(value) { return value }
            }
            place = after(place)
        }
        return nil
    }

    /// Adds a value; the pair of hash and value `UInt32.max` both is not allowed.
    @inlinable
    package mutating func insert(hash: UInt32, value: UInt32) {
        if used * 8 >= slots.count * 7 { grow() }
        place(UInt64(hash) << 32 | UInt64(value))
        used += 1
    }

    /// Puts one value in the place of another; false when that was not there.
    @inlinable
    @discardableResult
    package mutating func replace(hash: UInt32, value: UInt32, with other: UInt32) -> Bool {
        guard let place = find(UInt64(hash) << 32 | UInt64(value)) else { return false }
        slots[place] = UInt64(hash) << 32 | UInt64(other)
        return true
    }

    /// Takes a value out; false when it was not there.
    @inlinable
    @discardableResult
    package mutating func remove(hash: UInt32, value: UInt32) -> Bool {
        guard var hole = find(UInt64(hash) << 32 | UInt64(value)) else { return false }
        used -= 1
        var place = hole
        while true {
            place = after(place)
            let slot = slots[place]
            guard slot != Self.empty else { break }
            let start = home(UInt32(truncatingIfNeeded: slot >> 32))
            // A slot may move back to the hole unless its home lies behind the hole.
            let staysBehind =
                hole <= place ? (start > hole && start <= place) : (start > hole || start <= place)
            guard !staysBehind else { continue }
            slots[hole] = slot
            hole = place
        }
        slots[hole] = Self.empty
        return true
    }

    @inlinable @inline(always)
    func home(_ hash: UInt32) -> Int {
        Int(truncatingIfNeeded: (UInt64(hash) &* UInt64(truncatingIfNeeded: slots.count)) >> 32)
    }

    @inlinable @inline(always)
    func after(_ place: Int) -> Int {
        place &+ 1 == slots.count ? 0 : place &+ 1
    }

    @inlinable
    func find(_ wanted: UInt64) -> Int? {
        guard slots.count > 0 else { return nil }
        var place = home(UInt32(truncatingIfNeeded: wanted >> 32))
        while slots[place] != Self.empty {
            if slots[place] == wanted { return place }
            place = after(place)
        }
        return nil
    }

    @inlinable
    mutating func place(_ slot: UInt64) {
        var place = home(UInt32(truncatingIfNeeded: slot >> 32))
        while slots[place] != Self.empty { place = after(place) }
        slots[place] = slot
    }

    @usableFromInline
    mutating func grow() {
        let old = exchange(&slots, with: SlotRow(count: max(8, slots.count + slots.count / 4 + 1)))
        for index in 0..<old.count where old[index] != Self.empty { place(old[index]) }
    }
}
