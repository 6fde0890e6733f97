/// An open-addressing index from 32-bit hashes to 32-bit values; several values may have one hash.
///
/// Eight bytes a slot, filled to 60 to 75 %: a large one grows by a quarter, not by doubling, because it is most of what a
/// table of millions costs beyond its entries. The slots stand in the order of their hashes, each as near behind its
/// home as that allows, so that a look for what is not there ends as soon as one for what is; removal closes the gap, so
/// there are no tombstones. Growing goes over old and new slots from the first to the last.
///
/// - Complexity: O(1) on average where hashes are spread; growing is O(count).
@usableFromInline
@safe package struct HashIndex: ~Copyable {
    @usableFromInline static var empty: UInt64 { .max }
    @usableFromInline var slots: SlotRow
    /// How many slots are somebody's home; those behind them take what the last ones push on.
    @usableFromInline var homes: Int
    @usableFromInline var used: Int

    /// Makes an empty index; it allocates with the first value.
    @inlinable
    package init() {
        slots = SlotRow(count: 0)
        homes = 0
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
            longest = max(longest, place - home(UInt32(truncatingIfNeeded: slots[place] >> 32)))
        }
        return longest
    }

    /// Asks the processor to bring near what a look at this hash will need.
    @inlinable @inline(always)
    package func prefetch(hash: UInt32) {
        if homes > 0 { slots.prefetch(home(hash)) }
    }

    /// Shows the values of a hash, oldest first, until `body` says true.
    ///
    /// - Returns: The value at which `body` said true, or nil.
    @inlinable @inline(always)
    package func first(hash: UInt32, where body: (UInt32) -> Bool) -> UInt32? {
        guard homes > 0 else { return nil }
        let wanted = UInt64(hash) << 32
        var place = home(hash)
        while place < slots.count {
            let slot = slots[place]
            place &+= 1
            guard slot >= wanted else { continue }
            guard slot >> 32 == UInt64(hash), slot != Self.empty else { return nil }
            let value = UInt32(truncatingIfNeeded: slot)
            if body(value) { return value }
        }
        return nil
    }

    /// Adds a value; the pair of hash and value `UInt32.max` both is not allowed.
    @inlinable
    package mutating func insert(hash: UInt32, value: UInt32) {
        if used &* 4 >= slots.count &* 3 { grow() }
        while !place(hash, UInt64(hash) << 32 | UInt64(value)) { grow() }
        used &+= 1
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
        guard let place = find(UInt64(hash) << 32 | UInt64(value)) else { return false }
        used &-= 1
        close(place)
        return true
    }

    @inlinable @inline(always)
    func home(_ hash: UInt32) -> Int {
        Int(truncatingIfNeeded: (UInt64(hash) &* UInt64(truncatingIfNeeded: homes)) >> 32)
    }

    @inlinable
    func find(_ wanted: UInt64) -> Int? {
        guard homes > 0 else { return nil }
        let hash = wanted >> 32
        var place = home(UInt32(truncatingIfNeeded: hash))
        while place < slots.count {
            let slot = slots[place]
            if slot == wanted { return place }
            // Those of one hash stand in the order they came.
            if slot >> 32 > hash || slot == Self.empty { return nil }
            place &+= 1
        }
        return nil
    }

    /// Moves those behind a hole up, as far as each may.
    @inlinable
    func close(_ emptied: Int) {
        var hole = emptied
        while hole &+ 1 < slots.count {
            let next = slots[hole &+ 1]
            guard next != Self.empty, home(UInt32(truncatingIfNeeded: next >> 32)) <= hole else {
                break
            }
            slots[hole] = next
            hole &+= 1
        }
        slots[hole] = Self.empty
    }

    /// Puts a slot behind those with its hash or a lower one, and the others one on; false where the end is full.
    @inlinable
    func place(_ hash: UInt32, _ slot: UInt64) -> Bool {
        guard homes > 0 else { return false }
        var place = home(hash)
        while place < slots.count, slots[place] != Self.empty,
            slots[place] >> 32 <= UInt64(hash)
        {
            place &+= 1
        }
        var end = place
        while end < slots.count, slots[end] != Self.empty { end &+= 1 }
        guard end < slots.count else { return false }
        while end > place {
            slots[end] = slots[end &- 1]
            end &-= 1
        }
        slots[place] = slot
        return true
    }

    /// Takes all over into a longer row; both are gone through in order, so that each slot follows the one before.
    @usableFromInline
    mutating func grow() {
        var count = slots.count
        var isDone = false
        while !isDone {
            count = count < 512 ? max(8, count * 2) : count + count / 4
            isDone = take(into: SlotRow(count: count))
        }
    }

    /// Takes all over into this row; false, and nothing changed, where its end is too short.
    private mutating func take(into row: consuming SlotRow) -> Bool {
        let old = homes
        homes = row.count - min(256, max(4, row.count / 16))
        var next = 0
        for index in 0..<slots.count where slots[index] != Self.empty {
            let slot = slots[index]
            let place = max(next, home(UInt32(truncatingIfNeeded: slot >> 32)))
            guard place < row.count else {
                homes = old
                return false
            }
            row[place] = slot
            next = place + 1
        }
        slots = row
        return true
    }
}
