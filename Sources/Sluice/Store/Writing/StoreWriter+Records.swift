internal import Primitives
internal import Rendezvous
internal import Storage
internal import Workflows

/// What records mean for the store.
extension StoreWriter {
    /// Takes a record into the draft.
    func note(_ record: JournalRecord, number: UInt64) throws(StorageError) {
        switch record {
        case .began(let births, let claims): noteBirths(births, claims, number: number)
        case .advanced(let run, let event, let stamp):
            if case .retry = event { reopen(run) }
            noteEvent(run, RunEventRow(event, stamp).bytes, number: number)
        case .finished(let run, let status, let time):
            guard draft.runs[run]?.end == nil else { return }
            draft.runs[run, default: RunDraft()].end = RunDraft.End(status: status, time: time)
        case .received(let request): noteRequest(request, run: nil, number: number)
        case .text(let fingerprint, let bytes):
            draft.texts[fingerprint] = (number, bytes)
            currentTexts.insert(fingerprint)
        case .delivered, .held, .fetched, .waiting, .keyAdded, .ended, .timedOut, .unfetched:
            try noteWait(record, number: number)
        }
    }

    /// Takes a note that a run only waits into the draft; what happened to the run since makes it void.
    func note(_ park: ParkNote) throws(StorageError) {
        if let run = draft.runs[park.run], run.lastEvent > park.number || run.end != nil { return }
        if park.number < completeThrough, try hasEvent(of: park.run, after: park.number) { return }
        draft.runs[park.run, default: RunDraft()].activity = .parked
    }

    private func noteBirths(_ births: [RunBirth], _ claims: [Claim], number: UInt64) {
        for birth in births {
            draft.runs[birth.id] = RunDraft(
                birth: draft.births.count,
                lastEvent: number,
                activity: .active
            )
            draft.births.append(birth)
            let row = RunEventRow(birth.event, birth.stamp)
            draft.events.append(EventDraft(run: birth.id, number: number, bytes: row.bytes))
        }
        for claim in claims { draft.claims.append((number, claim)) }
    }

    /// Takes an event of a run into the draft: it has to go on, unless it has ended.
    func noteEvent(_ run: UUIDv7, _ bytes: [UInt8], number: UInt64) {
        draft.events.append(EventDraft(run: run, number: number, bytes: bytes))
        draft.runs[run, default: RunDraft()].note(event: number)
    }

    /// Takes a request into the draft.
    func noteRequest(_ request: ReceivedRequest, run: UUIDv7?, number: UInt64) {
        draft.requests.add(
            LedgerEntry(request: request, status: request.status, run: run, number: number)
        )
    }

    private func reopen(_ run: UUIDv7) {
        draft.runs[run, default: RunDraft()].wasReopened = true
        draft.runs[run]?.end = nil
    }

    private func hasEvent(of run: UUIDv7, after number: UInt64) throws(StorageError) -> Bool {
        try statements.hasLaterEvent.bind(StoreKey.event(run, number), at: 1)
        try statements.hasLaterEvent.bind(StoreKey.event(run, .max), at: 2)
        var isThere = false
        try statements.hasLaterEvent.forEachRow { (_) throws(StorageError) in
            isThere = true
            return false
        }
        return isThere
    }
}

extension RunDraft {
    /// Takes an event in.
    fileprivate mutating func note(event number: UInt64) {
        lastEvent = number
        if end == nil { activity = .active }
    }
}
