internal import Journal
internal import Primitives
internal import Rendezvous
internal import Workflows

/// What the records of a batch do to the rows of runs, and the ends of waits that come of it.
struct RunProjection {
    private let draft: Draft
    /// Whether there are marks that leave their keys open, in the store or in the batch: waiters end those.
    private let endsOpenMarks: Bool
    /// The ends of waits.
    private(set) var marks: MarkDraft
    /// The keys for which somebody waits since, and the highest number that says so.
    private(set) var retired: [WaitKey: UInt64] = [:]
    private var event = RecordWriter()

    /// Does what a batch says.
    init(_ draft: Draft, rememberFor: Nanoseconds, endsOpenMarks: Bool) {
        self.draft = draft
        self.endsOpenMarks = endsOpenMarks
        marks = MarkDraft(rememberFor: rememberFor)
    }

    /// Does one step to its run, after all that come before it.
    mutating func apply(_ step: RunStep, to row: inout RunRow) throws(RecordReader.Damage) {
        if case .parked = step.meaning {
            if row.lastEvent <= step.number { row.isActive = false }
            return
        }
        let record = draft.records[step.record]
        let start = record.range.lowerBound + RunStep.fieldsOffset
        var reader = RecordReader(record.buffer, start..<record.range.upperBound)
        switch step.meaning {
        case .birth(let place): begin(&row, draft.births[place], reader.bytes, step.number)
        case .event:
            if reader.peek == RunEvent.Tag.retry.rawValue { row.status = nil }
            row.add(reader.rest, number: step.number)
        case .finished: try finish(&row, &reader)
        case .waiting: try open(&row, &reader, step.number)
        case .keyAdded: try addKey(&row, &reader, step.number)
        case .delivered(let place):
            try deliver(&row, draft.deliveries[place], &reader, step.number)
        case .fetched: try fetch(&row, &reader, step.number)
        case .ended, .timedOut: try end(&row, &reader, step)
        case .parked: break
        }
    }

    private func begin(
        _ row: inout RunRow,
        _ birth: BirthOutline,
        _ bytes: [UInt8],
        _ number: UInt64
    ) {
        row.clear(row.id)
        row.kind = birth.kind
        row.birth.raw(bytes[birth.lineage])
        row.add(bytes[birth.event], number: number)
    }

    private func finish(
        _ row: inout RunRow,
        _ reader: inout RecordReader
    ) throws(RecordReader.Damage) {
        row.isActive = false
        guard row.status == nil else { return }
        row.status = RunStatus(rawValue: try reader.text())
        row.ended = try reader.time()
    }

    private mutating func open(
        _ row: inout RunRow,
        _ reader: inout RecordReader,
        _ number: UInt64
    ) throws(RecordReader.Damage) {
        let (step, attempt) = try reader.waitPlace()
        let keys = try reader.keyRanges()
        try retire(keys, reader.bytes, number)
        let deadline = try reader.time()
        if let before = try RunWait.find(step: step, attempt: attempt, in: row.waits.bytes) {
            row.waits.remove(before.whole)
        }
        var unique = RecordWriter()
        for (place, range) in keys.enumerated()
        where !keys[..<place].contains(where: { reader.bytes[$0] == reader.bytes[range] }) {
            unique.number(number)
            unique.raw(reader.bytes[range])
        }
        RunWait.write(
            step: step,
            attempt: attempt,
            deadline: deadline,
            keys: unique.bytes,
            to: &row.waits
        )
    }

    private mutating func addKey(
        _ row: inout RunRow,
        _ reader: inout RecordReader,
        _ number: UInt64
    ) throws(RecordReader.Damage) {
        let (step, attempt) = try reader.waitPlace()
        let key = try reader.keyRange()
        let waits = row.waits.bytes
        guard let wait = try RunWait.find(step: step, attempt: attempt, in: waits),
            try !wait.has(reader.bytes[key], in: waits)
        else { return }
        try retire([key], reader.bytes, number)
        var keys = RecordWriter()
        keys.raw(waits[wait.keys])
        keys.number(number)
        keys.raw(reader.bytes[key])
        row.waits.remove(wait.whole)
        RunWait.write(
            step: step,
            attempt: attempt,
            deadline: wait.deadline,
            keys: keys.bytes,
            to: &row.waits
        )
    }

    private mutating func deliver(
        _ row: inout RunRow,
        _ delivery: DeliveryOutline,
        _ reader: inout RecordReader,
        _ number: UInt64
    ) throws(RecordReader.Damage) {
        let ending = MarkDraft.Ending(
            wait: WaitID(run: row.id, step: delivery.step, attempt: delivery.attempt),
            how: .answered,
            time: delivery.time,
            number: number,
            fingerprint: delivery.fingerprint,
            reusesKey: delivery.reusesKey
        )
        try close(&row, ending, also: CollectionOfOne(delivery.key), in: reader.bytes)
        try reader.skip(delivery.callback - reader.offset)
        try addCallback(&row, &reader, body: delivery.request?.body, of: ending)
    }

    private mutating func fetch(
        _ row: inout RunRow,
        _ reader: inout RecordReader,
        _ number: UInt64
    ) throws(RecordReader.Damage) {
        let (step, attempt) = try reader.waitPlace()
        let keys = try reader.keyRanges()
        var behind = reader
        try CallbackRecord.skip(&behind)
        let held = draft.fetched[number]
        let ending = MarkDraft.Ending(
            wait: WaitID(run: row.id, step: step, attempt: attempt),
            how: .answered,
            time: try behind.time(),
            number: number,
            fingerprint: held?.fingerprint,
            isOlderPrint: held?.isOlderPrint ?? false,
            reusesKey: held?.reusesKey ?? false
        )
        try retire(keys, reader.bytes, number)
        try close(&row, ending, also: keys, in: reader.bytes)
        try addCallback(&row, &reader, body: nil, of: ending)
    }

    private mutating func end(
        _ row: inout RunRow,
        _ reader: inout RecordReader,
        _ step: RunStep
    ) throws(RecordReader.Damage) {
        let (place, attempt) = try reader.waitPlace()
        var how = EndedHow.timedOut
        if case .ended = step.meaning {
            guard let known = EndedHow(rawValue: try reader.byte()) else {
                throw RecordReader.Damage(reason: "a wait ended in no known way")
            }
            how = known
        }
        let stamp = reader.rest
        let ending = MarkDraft.Ending(
            wait: WaitID(run: row.id, step: place, attempt: attempt),
            how: how,
            time: try reader.time(),
            number: step.number
        )
        try close(&row, ending, also: EmptyCollection(), in: reader.bytes)
        guard case .timedOut = step.meaning else { return }
        event.clear()
        RunEvent.waitExpired(AttemptRef(ending.wait)).write(to: &event)
        event.raw(stamp)
        row.add(event.bytes[...], number: step.number)
    }

    /// Adds the event of a callback; behind it in the record stands its stamp.
    private mutating func addCallback(
        _ row: inout RunRow,
        _ reader: inout RecordReader,
        body: Range<Int>?,
        of ending: MarkDraft.Ending
    ) throws(RecordReader.Damage) {
        event.clear()
        try RunEvent.copyCallback(&reader, body: body, of: AttemptRef(ending.wait), to: &event)
        event.raw(reader.rest)
        row.add(event.bytes[...], number: ending.number)
    }

    /// Ends a wait under its keys, and under others that it would have got.
    private mutating func close(
        _ row: inout RunRow,
        _ ending: MarkDraft.Ending,
        also others: some Collection<Range<Int>>,
        in record: [UInt8]
    ) throws(RecordReader.Damage) {
        let waits = row.waits.bytes
        let found = try RunWait.find(
            step: ending.wait.step,
            attempt: ending.wait.attempt,
            in: waits
        )
        if let found {
            try found.forEachKey(in: waits) { _, range in
                marks.add(ending, key: waits[range])
                return true
            }
        }
        for (place, range) in others.enumerated() {
            if try found?.has(record[range], in: waits) ?? false { continue }
            if others.prefix(place).contains(where: { record[$0] == record[range] }) { continue }
            marks.add(ending, key: record[range])
        }
        if let found { row.waits.remove(found.whole) }
    }

    /// Forgets the marks that left keys open, because somebody waits for them.
    private mutating func retire(
        _ keys: [Range<Int>],
        _ record: [UInt8],
        _ number: UInt64
    ) throws(RecordReader.Damage) {
        guard endsOpenMarks else { return }
        for range in keys {
            var reader = RecordReader(record, range)
            let key = try WaitKey(&reader)
            retired[key] = max(retired[key] ?? 0, number)
        }
    }
}

extension RunRow {
    /// Adds an event: the run has to go on, unless it has ended.
    fileprivate mutating func add(_ event: ArraySlice<UInt8>, number: UInt64) {
        RunEventRow.write(event, number: number, to: &events)
        eventCount += 1
        lastEvent = number
        if status == nil { isActive = true }
    }
}

extension RecordReader {
    /// The step and the try of a wait.
    fileprivate mutating func waitPlace() throws(Damage) -> (step: UInt32, attempt: UInt32) {
        let step = UInt32(clamping: try number())
        return (step, UInt32(clamping: try number()))
    }

    /// Where the keys of a list lie.
    fileprivate mutating func keyRanges() throws(Damage) -> [Range<Int>] {
        try list { (reader) throws(Damage) in try reader.keyRange() }
    }
}
