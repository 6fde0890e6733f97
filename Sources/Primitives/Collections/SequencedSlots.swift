/// A row of slots for consecutive numbers, filled in any order and emptied from the front.
///
/// - Complexity: O(1) amortised for each slot; memory for the distance between the front and the highest number that came.
@usableFromInline
package struct SequencedSlots<Element> {
    @usableFromInline var slots: [Element?]
    @usableFromInline var head: Int
    @usableFromInline var front: UInt64

    /// How many emptied slots are kept before the others are moved up, and for how many memory is kept.
    @inlinable static var keptMax: Int { 4096 }

    /// Makes a row that begins with the number `first`.
    @inlinable
    package init(first: UInt64) {
        slots = []
        head = 0
        front = first
    }

    /// The number at the front.
    @inlinable package var first: UInt64 { front }

    /// How many slots there are, from the front to the highest number that came.
    @inlinable package var count: Int { slots.count &- head }

    /// The number after the highest that came.
    @inlinable package var end: UInt64 { front &+ UInt64(count) }

    /// Whether the slot at the front is filled.
    @inlinable package var isReady: Bool { head < slots.count && slots[head] != nil }

    /// What stands at a number, which is at least ``first``; setting it makes room up to there.
    ///
    /// A number before the front, or one too far from it to be counted, has nothing, and setting it does nothing.
    @inlinable
    package subscript(number: UInt64) -> Element? {
        get {
            guard let place = place(of: number), place < slots.count else { return nil }
            return slots[place]
        }
        set {
            guard let place = place(of: number) else { return }
            while slots.count <= place { slots.append(nil) }
            slots[place] = newValue
        }
    }

    /// Looks at the element at the front; nil where the slot is empty.
    @inlinable
    package func lookFirst<Result>(_ body: (borrowing Element) -> Result) -> Result? {
        guard head < slots.count else { return nil }
        switch slots[head] {
        case .some(let element): return body(element)
        case .none: return nil
        }
    }

    /// Takes what stands at the front, and moves the front on by one, also over an empty slot or past the end.
    ///
    /// Moved out, not copied. ``tidy()`` is called when several were taken.
    @inlinable
    package mutating func takeFirst() -> Element? {
        front &+= 1
        guard head < slots.count else { return nil }
        let element = slots[head].take()
        head &+= 1
        return element
    }

    /// Moves the front on to a number without looking; what stood before it is gone.
    @inlinable
    package mutating func skip(to number: UInt64) {
        guard number > front else { return }
        let count = Int(clamping: number &- front)
        if count >= self.count {
            slots.removeAll(keepingCapacity: slots.count <= Self.keptMax)
            head = 0
        } else {
            for place in head..<(head &+ count) { slots[place] = nil }
            head &+= count
        }
        front = number
    }

    /// Gives memory of emptied slots back.
    @inlinable
    package mutating func tidy() {
        if head == slots.count {
            slots.removeAll(keepingCapacity: slots.count <= Self.keptMax)
            head = 0
        } else if head > Self.keptMax, head > slots.count / 2 {
            slots.removeFirst(head)
            head = 0
        }
    }

    /// Drops empty slots at the end.
    @inlinable
    package mutating func trimEnd() {
        while slots.count > head, slots[slots.count &- 1] == nil { slots.removeLast() }
    }

    /// Drops everything; the number at the front stays what it is.
    @inlinable
    package mutating func removeAll() {
        slots = []
        head = 0
    }

    @inlinable
    func place(of number: UInt64) -> Int? {
        guard number >= front else { return nil }
        let (place, isOver) = Int(clamping: number &- front).addingReportingOverflow(head)
        return isOver ? nil : place
    }
}

extension SequencedSlots: Sendable where Element: Sendable {}
