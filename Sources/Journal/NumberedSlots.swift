internal import Primitives

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

    private var slots: SequencedSlots<Slot>

    /// Slots for the numbers from `first` on.
    init(first: UInt64) {
        slots = SequencedSlots(first: first)
    }

    /// The number of the first slot.
    var first: UInt64 { slots.first }

    /// Puts a record in its place.
    mutating func put(_ record: NumberedRecord, _ then: Done?) {
        let listeners = slots[record.number]?.listeners ?? []
        slots[record.number] = Slot(record: record, then: then, listeners: listeners)
    }

    /// Has somebody told of a number that is not settled.
    mutating func listen(_ number: UInt64, _ done: @escaping Done) {
        if slots[number] == nil { slots[number] = Slot() }
        slots[number]?.listeners.append(done)
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
        let count = min(slots.count, Int(clamping: last - first + 1))
        committed.records.reserveCapacity(count)
        committed.told.reserveCapacity(count)
        for _ in 0..<count {
            let number = first
            guard let slot = slots.takeFirst() else { continue }
            if let record = slot.record { committed.records.append(record) }
            if slot.then == nil, slot.listeners.isEmpty { continue }
            committed.told.append(
                Told(
                    number: number,
                    hasRecord: slot.record != nil,
                    then: slot.then,
                    listeners: slot.listeners
                )
            )
        }
        slots.skip(to: last + 1)
        slots.tidy()
        return committed
    }

    /// Takes out everything up to a number, in order.
    mutating func take(through last: UInt64) -> [Settled] {
        guard last >= first else { return [] }
        var taken: [Settled] = []
        let count = min(slots.count, Int(clamping: last - first + 1))
        taken.reserveCapacity(count)
        for _ in 0..<count {
            let number = first
            if let slot = slots.takeFirst() { taken.append(Settled(number: number, slot: slot)) }
        }
        slots.skip(to: last + 1)
        slots.tidy()
        return taken
    }

    /// Takes out everything, in order; the next number stays what it is.
    mutating func takeAll() -> [Settled] {
        let taken = all
        slots.removeAll()
        return taken
    }

    /// What is there, in order.
    var all: [Settled] {
        (slots.first..<slots.end).compactMap { number in
            slots[number].map { Settled(number: number, slot: $0) }
        }
    }
}
