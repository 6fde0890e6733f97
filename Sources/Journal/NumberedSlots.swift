/// Who waits for which number, in the order of the numbers.
struct NumberedSlots {
    /// What is told when a number is settled.
    typealias Done = JournalBatch.Done

    /// One number that is not settled.
    struct Slot {
        /// Its record; nil where it has not come yet.
        var record: NumberedRecord?
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

    /// What was taken out.
    struct Settled {
        let number: UInt64
        let slot: Slot
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
    mutating func put(_ record: NumberedRecord, _ then: Done?) {
        let place = place(of: record.number)
        let listeners = slots[place]?.listeners ?? []
        slots[place] = Slot(record: record, then: then, listeners: listeners)
    }

    /// Has somebody told of a number that is not settled.
    mutating func listen(_ number: UInt64, _ done: @escaping Done) {
        let place = place(of: number)
        if slots[place] == nil { slots[place] = Slot() }
        slots[place]?.listeners.append(done)
    }

    /// What is committed together.
    struct Committed {
        /// The records, in the order of their numbers.
        var records: [NumberedRecord] = []
        /// Whoever is to be told, in that order; records of which nobody is told are not here.
        var told: [Told] = []
    }

    /// Somebody to be told of a number.
    struct Told {
        let number: UInt64
        /// Whether it has a record.
        let hasRecord: Bool
        let then: Done?
        let listeners: [Done]

        /// Tells everybody.
        func tell(_ isCommitted: Bool) {
            then?(isCommitted)
            for listener in listeners { listener(isCommitted) }
        }
    }

    /// Takes out everything up to a number, which is committed.
    mutating func commit(through last: UInt64) -> Committed {
        var committed = Committed()
        guard last >= first else { return committed }
        let count = min(slots.count - head, Int(clamping: last - first + 1))
        committed.records.reserveCapacity(count)
        committed.told.reserveCapacity(count)
        for offset in 0..<count {
            guard let slot = slots[head + offset].take() else { continue }
            if let record = slot.record { committed.records.append(record) }
            if slot.then == nil, slot.listeners.isEmpty { continue }
            committed.told.append(
                Told(
                    number: first + UInt64(offset),
                    hasRecord: slot.record != nil,
                    then: slot.then,
                    listeners: slot.listeners
                )
            )
        }
        head += count
        first = last + 1
        tidy()
        return committed
    }

    /// Takes out everything up to a number, in order.
    mutating func take(through last: UInt64) -> [Settled] {
        guard last >= first else { return [] }
        var taken: [Settled] = []
        taken.reserveCapacity(min(slots.count - head, Int(clamping: last - first + 1)))
        while first <= last, head < slots.count {
            // Moved out, not copied: a record holds many references.
            if let slot = slots[head].take() { taken.append(Settled(number: first, slot: slot)) }
            head += 1
            first += 1
        }
        first = last + 1
        tidy()
        return taken
    }

    private mutating func tidy() {
        if head == slots.count {
            slots.removeAll(keepingCapacity: slots.count <= 4096)
            head = 0
        } else if head > 4096, head > slots.count / 2 {
            slots.removeFirst(head)
            head = 0
        }
    }

    /// Takes out everything, in order; the next number stays what it is.
    mutating func takeAll() -> [Settled] {
        let taken = all
        slots = []
        head = 0
        return taken
    }

    /// What is there, in order.
    var all: [Settled] {
        slots[head...].enumerated().compactMap { offset, slot in
            slot.map { Settled(number: first + UInt64(offset), slot: $0) }
        }
    }

    /// Where a number's slot is; makes room for it.
    private mutating func place(of number: UInt64) -> Int {
        let place = head + Int(clamping: number - first)
        while slots.count <= place { slots.append(nil) }
        return place
    }
}
