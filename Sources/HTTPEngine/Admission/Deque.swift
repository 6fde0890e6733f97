/// A queue in a ring of memory that grows by doubling.
struct Deque<Element: Sendable>: Sendable {
    private var slots: [Element?] = []
    private var head = 0
    /// How many elements there are.
    private(set) var count = 0

    /// The first element.
    var first: Element? { count == 0 ? nil : slots[head] }

    /// The element with that index, which must be below ``count``.
    subscript(_ index: Int) -> Element {
        get {
            guard index >= 0, index < count, let element = slots[(head + index) % slots.count]
            else { preconditionFailure("an index of a queue lies outside of it") }
            return element
        }
        set {
            precondition(index >= 0 && index < count, "an index of a queue lies outside of it")
            slots[(head + index) % slots.count] = newValue
        }
    }

    /// Puts an element at the end.
    mutating func append(_ element: Element) {
        if count == slots.count { grow() }
        slots[(head + count) % slots.count] = element
        count += 1
    }

    /// Takes the first element.
    mutating func popFirst() -> Element? {
        guard count > 0 else { return nil }
        let element = slots[head]
        slots[head] = nil
        head = (head + 1) % slots.count
        count -= 1
        return element
    }

    private mutating func grow() {
        var wider: [Element?] = []
        wider.reserveCapacity(max(16, slots.count * 2))
        for index in 0..<count { wider.append(slots[(head + index) % slots.count]) }
        while wider.count < max(16, slots.count * 2) { wider.append(nil) }
        slots = wider
        head = 0
    }
}
