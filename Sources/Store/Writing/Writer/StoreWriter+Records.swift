internal import Journal
internal import Primitives
internal import Rendezvous
internal import Storage
internal import Workflows

/// What records mean for the store.
extension StoreWriter {
    /// Takes a record into the draft.
    ///
    /// - Throws: What SQLite refuses; `corrupt` for bytes that are no record.
    func note(_ record: NumberedRecord) throws(StorageError) {
        var reader = RecordReader(record.buffer, record.range)
        let tag = try Self.read(&reader) { (reader) throws(RecordReader.Damage) in
            try reader.recordTag()
        }
        switch tag {
        case .began: try noteBirths(record, &reader)
        case .advanced: try noteStep(.event, record, &reader)
        case .delivered: try noteDelivery(record, &reader)
        case .waiting: try noteStep(.waiting, record, &reader)
        case .keyAdded: try noteStep(.keyAdded, record, &reader)
        case .ended: try noteStep(.ended, record, &reader)
        case .timedOut: try noteStep(.timedOut, record, &reader)
        case .finished: try noteStep(.finished, record, &reader)
        case .received:
            let request = try Self.read(&reader) { (reader) throws(RecordReader.Damage) in
                try RequestSummary(&reader)
            }
            draft.requests.add(
                record.number,
                run: nil,
                request.status,
                request,
                in: record.buffer
            )
        case .held, .fetched, .unfetched, .text, nil: try noteRest(record, &reader)
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

    private func noteRest(
        _ record: NumberedRecord,
        _ reader: inout RecordReader
    ) throws(StorageError) {
        let number = record.number
        let read = try Self.read(&reader) { (_) throws(RecordReader.Damage) in
            try JournalRecord(Array(record.bytes))
        }
        switch read {
        case .held(let arrival, let until, let listener):
            try hold(
                StoredHeld(number: number, arrival: arrival, until: until, listener: listener)
            )
        case .fetched(let wait, _, let callback, _):
            try fetch(callback, for: wait, number: number)
            try noteStep(.fetched, record, &reader)
        case .unfetched(let held, _): try giveUp(held)
        case .text(let fingerprint, let bytes):
            draft.texts[fingerprint] = (number, bytes)
            currentTexts.insert(fingerprint)
        default: break
        }
    }

    private func noteBirths(
        _ record: NumberedRecord,
        _ reader: inout RecordReader
    ) throws(StorageError) {
        let count = try Self.read(&reader) { (reader) throws(RecordReader.Damage) in
            try reader.number()
        }
        for _ in 0..<count { try noteBirth(record, &reader) }
        let claims = try Self.read(&reader) { (reader) throws(RecordReader.Damage) in
            try reader.list { (reader) throws(RecordReader.Damage) in try Claim(&reader) }
        }
        for claim in claims { draft.claims.append((record.number, claim)) }
    }

    private func noteBirth(
        _ record: NumberedRecord,
        _ reader: inout RecordReader
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
        note(.birth(draft.births.count - 1), of: run, record)
    }

    private func noteDelivery(
        _ record: NumberedRecord,
        _ reader: inout RecordReader
    ) throws(StorageError) {
        let (run, delivery) = try Self.read(&reader) { (reader) throws(RecordReader.Damage) in
            (try reader.id(), try DeliveryOutline(&reader))
        }
        if delivery.reusesKey { hasReusable = true }
        draft.deliveries.append(delivery)
        note(.delivered(draft.deliveries.count - 1), of: run, record)
        if let request = delivery.request {
            draft.requests.add(
                record.number,
                run: run,
                request.status,
                request,
                in: record.buffer
            )
        }
    }

    /// Takes a record in whose first field is the run.
    private func noteStep(
        _ meaning: RunStep.Meaning,
        _ record: NumberedRecord,
        _ reader: inout RecordReader
    ) throws(StorageError) {
        let run = try Self.read(&reader) { (reader) throws(RecordReader.Damage) in
            try reader.id()
        }
        note(meaning, of: run, record)
    }

    private func note(
        _ meaning: RunStep.Meaning,
        of run: UUIDv7,
        _ record: NumberedRecord
    ) {
        let place = draft.records.count
        draft.records.append(record)
        draft.steps.append(
            RunStep(run: run, number: record.number, record: place, meaning: meaning)
        )
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
