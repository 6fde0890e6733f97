/// A first-in, first-out queue that reuses its storage.
///
/// - Complexity: O(1) amortised to append, O(1) to take the first.
@usableFromInline
package struct RingQueue<Element> {
    @usableFromInline var slots: [Element?]
    @usableFromInline var head: Int
    @usableFromInline var size: Int

    /// Makes an empty queue; it allocates with the first element.
    @inlinable
    package init() {
        slots = []
        head = 0
        size = 0
    }

    /// How many elements wait.
    @inlinable package var count: Int { size }

    /// Whether nothing waits.
    @inlinable package var isEmpty: Bool { size == 0 }

    /// Puts an element behind the others.
    @inlinable
    package mutating func append(_ element: Element) {
        if size == slots.count { grow() }
        slots[(head &+ size) & (slots.count &- 1)] = element
        size &+= 1
    }

    /// Takes the oldest element, or nil when nothing waits.
    @inlinable
    package mutating func popFirst() -> Element? {
        guard size > 0 else { return nil }
        let element = slots[head].take()
        head = (head &+ 1) & (slots.count &- 1)
        size &-= 1
        return element
    }

    /// Takes the youngest element, or nil when nothing waits.
    @inlinable
    package mutating func popLast() -> Element? {
        guard size > 0 else { return nil }
        size &-= 1
        return slots[(head &+ size) & (slots.count &- 1)].take()
    }

    /// Looks at the element at `offset` from the oldest; nil when there are not so many.
    @inlinable
    package func look<Result>(at offset: Int = 0, _ body: (borrowing Element) -> Result) -> Result?
    {
        guard offset >= 0, offset < size else { return nil }
        switch slots[(head &+ offset) & (slots.count &- 1)] {
        case .some(let element): return body(element)
        case .none: return nil
        }
    }

    /// Puts another element at `offset` from the oldest; does nothing when there are not so many.
    @inlinable
    package mutating func replace(at offset: Int, with element: Element) {
        guard offset >= 0, offset < size else { return }
        slots[(head &+ offset) & (slots.count &- 1)] = element
    }

    @inlinable
    mutating func grow() {
        var larger: [Element?] = []
        larger.reserveCapacity(max(8, slots.count * 2))
        for offset in 0..<size {
            larger.append(slots[(head &+ offset) & (slots.count &- 1)].take())
        }
        // The length stays a power of two, so that a mask finds the place.
        while larger.count < max(8, slots.count * 2) { larger.append(nil) }
        slots = larger
        head = 0
    }
}

extension RingQueue: Sendable where Element: Sendable {}
