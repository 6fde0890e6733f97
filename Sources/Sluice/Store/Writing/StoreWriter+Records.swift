internal import Primitives
internal import Rendezvous
internal import Storage
internal import Workflows

/// What records mean for the store.
extension StoreWriter {
    /// Takes a record into the draft.
    ///
    /// - Throws: What SQLite refuses; `corrupt` for bytes that are no record.
    func note(_ record: [UInt8], number: UInt64) throws(StorageError) {
        switch record.first.flatMap({ JournalRecord.Tag(rawValue: $0) }) {
        case .began: try noteBirths(record, number)
        case .advanced: try noteStep(.event, record, number)
        case .delivered: try noteDelivery(record, number)
        case .waiting: try noteStep(.waiting, record, number)
        case .keyAdded: try noteStep(.keyAdded, record, number)
        case .ended: try noteStep(.ended, record, number)
        case .timedOut: try noteStep(.timedOut, record, number)
        case .finished: try noteStep(.finished, record, number)
        case .received:
            let request = try Self.read(record, at: 1) { (reader) throws(RecordReader.Damage) in
                try RequestOutline(&reader)
            }
            draft.requests.add(number, run: nil, request.status, request, in: record)
        case .held, .fetched, .unfetched, .text, nil: try noteRest(record, number)
        }
    }

    /// Takes a note that a run only waits into the draft.
    func note(_ park: ParkNote) {
        draft.steps.append(
            RunStep(run: park.run, number: park.number, record: .max, meaning: .parked)
        )
    }

    /// Takes a request into the draft.
    func noteRequest(_ request: ReceivedRequest, number: UInt64) throws(StorageError) {
        try draft.requests.add(number, run: nil, request.status, request)
    }

    private func noteRest(_ record: [UInt8], _ number: UInt64) throws(StorageError) {
        let read = try Self.read(record, at: 0) { (reader) throws(RecordReader.Damage) in
            try JournalRecord(reader.bytes)
        }
        switch read {
        case .held(let arrival, let until, let listener):
            try hold(
                StoredHeld(number: number, arrival: arrival, until: until, listener: listener)
            )
        case .fetched(let wait, _, let callback, _):
            try fetch(callback, for: wait, number: number)
            try noteStep(.fetched, record, number)
        case .unfetched(let held, _): try giveUp(held)
        case .text(let fingerprint, let bytes):
            draft.texts[fingerprint] = (number, bytes)
            currentTexts.insert(fingerprint)
        default: break
        }
    }

    private func noteBirths(_ record: [UInt8], _ number: UInt64) throws(StorageError) {
        var reader = RecordReader(record, at: 1)
        let count = try Self.read(&reader) { (reader) throws(RecordReader.Damage) in
            try reader.number()
        }
        for _ in 0..<count { try noteBirth(&reader, number) }
        let claims = try Self.read(&reader) { (reader) throws(RecordReader.Damage) in
            try reader.list { (reader) throws(RecordReader.Damage) in try Claim(&reader) }
        }
        for claim in claims { draft.claims.append((number, claim)) }
    }

    private func noteBirth(
        _ reader: inout RecordReader,
        _ number: UInt64
    ) throws(StorageError) {
        let (run, of) = try Self.read(&reader) { (reader) throws(RecordReader.Damage) in
            let run = try reader.id()
            let workflow = try reader.text()
            return (run, RunKind(workflow: workflow, plan: try reader.fingerprint()))
        }
        let kind = try kind(of)
        let birth = try Self.read(&reader) { (reader) throws(RecordReader.Damage) in
            let start = reader.offset
            try RunLineage.skip(&reader)
            let event = reader.offset
            try RunEvent.skip(&reader)
            try Stamp.skip(&reader)
            return BirthOutline(
                kind: kind,
                lineage: start..<event,
                event: event..<reader.offset
            )
        }
        draft.births.append(birth)
        note(.birth(draft.births.count - 1), of: run, reader.bytes, number)
    }

    private func noteDelivery(_ record: [UInt8], _ number: UInt64) throws(StorageError) {
        let (run, delivery) = try Self.read(record, at: 1) {
            (reader) throws(RecordReader.Damage) in
            (try reader.id(), try DeliveryOutline(&reader))
        }
        if delivery.reusesKey { hasReusable = true }
        draft.deliveries.append(delivery)
        note(.delivered(draft.deliveries.count - 1), of: run, record, number)
        if let request = delivery.request {
            draft.requests.add(number, run: run, request.status, request, in: record)
        }
    }

    /// Takes a record in whose first field is the run.
    private func noteStep(
        _ meaning: RunStep.Meaning,
        _ record: [UInt8],
        _ number: UInt64
    ) throws(StorageError) {
        let run = try Self.read(record, at: 1) { (reader) throws(RecordReader.Damage) in
            try reader.id()
        }
        note(meaning, of: run, record, number)
    }

    private func note(
        _ meaning: RunStep.Meaning,
        of run: UUIDv7,
        _ record: [UInt8],
        _ number: UInt64
    ) {
        let place = draft.records.count
        draft.records.append(record)
        draft.steps.append(RunStep(run: run, number: number, record: place, meaning: meaning))
    }

    private static func read<Value>(
        _ record: [UInt8],
        at offset: Int,
        _ body: (inout RecordReader) throws(RecordReader.Damage) -> Value
    ) throws(StorageError) -> Value {
        var reader = RecordReader(record, at: offset)
        return try read(&reader, body)
    }

    private static func read<Value>(
        _ reader: inout RecordReader,
        _ body: (inout RecordReader) throws(RecordReader.Damage) -> Value
    ) throws(StorageError) -> Value {
        do throws(RecordReader.Damage) {
            return try body(&reader)
        } catch {
            throw StorageError(.corrupt, "a record is damaged: \(error.reason)")
        }
    }
}
