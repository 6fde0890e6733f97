/// Who waits for which number, in the order of the numbers.
struct NumberedSlots {
    /// What is told when a number is settled.
    typealias Done = @Sendable (Bool) -> Void

    /// One number that is not settled.
    struct Slot {
        /// Its record; nil where it has not come yet.
        var record: PreparedRecord?
        /// Whoever appended it.
        var then: Done?
        /// Others that wait for it.
        var listeners: [Done] = []

        /// Tells everybody.
        func tell(_ isCommitted: Bool) {
            then?(isCommitted)
            for listener in listeners { listener(isCommitted) }
        }
    }

    /// The number of the first slot.
    private(set) var first: UInt64
    private var slots: [Slot?] = []
    private var head = 0

    /// Slots for the numbers from `first` on.
    init(first: UInt64) {
        self.first = first
    }

    /// Puts a record in its place.
    mutating func put(_ record: PreparedRecord, _ number: UInt64, _ then: @escaping Done) {
        change(number) { slot in
            slot.record = record
            slot.then = then
        }
    }

    /// Has somebody told of a number; false where it is settled already.
    mutating func listen(_ number: UInt64, _ done: @escaping Done) -> Bool {
        guard number >= first else { return false }
        change(number) { $0.listeners.append(done) }
        return true
    }

    /// Takes out everything up to a number, in order.
    mutating func take(through last: UInt64) -> [(number: UInt64, slot: Slot)] {
        guard last >= first else { return [] }
        var taken: [(number: UInt64, slot: Slot)] = []
        while first <= last, head < slots.count {
            if let slot = slots[head] { taken.append((first, slot)) }
            slots[head] = nil
            head += 1
            first += 1
        }
        first = last + 1
        if head == slots.count {
            slots.removeAll(keepingCapacity: slots.count <= 4096)
            head = 0
        } else if head > 4096, head > slots.count / 2 {
            slots.removeFirst(head)
            head = 0
        }
        return taken
    }

    /// Takes out everything, in order; the next number stays what it is.
    mutating func takeAll() -> [(number: UInt64, slot: Slot)] {
        var taken: [(number: UInt64, slot: Slot)] = []
        for (offset, slot) in slots[head...].enumerated() {
            if let slot { taken.append((first + UInt64(offset), slot)) }
        }
        slots = []
        head = 0
        return taken
    }

    /// What is there, in order.
    var all: [(number: UInt64, slot: Slot)] {
        slots[head...].enumerated().compactMap { offset, slot in
            slot.map { (first + UInt64(offset), $0) }
        }
    }

    private mutating func change(_ number: UInt64, _ body: (inout Slot) -> Void) {
        let place = head + Int(clamping: number - first)
        while slots.count <= place { slots.append(nil) }
        var slot = slots[place] ?? Slot()
        body(&slot)
        slots[place] = slot
    }
}
