internal import Primitives
internal import Rendezvous
internal import Storage
internal import Workflows

/// Writing what a batch came to.
extension StoreWriter {
    /// Writes the draft; within the transaction.
    func flush(through number: UInt64) throws(StorageError) {
        let opened = try flushRuns()
        try flushEvents()
        try flushWaits()
        try flushHeld()
        try flushMarks()
        for chunk in draft.requests.all { try insert(chunk) }
        for (number, fate) in draft.fates { try put(fate, number: number) }
        for (number, claim) in draft.claims { try insert(claim, number: number) }
        for (fingerprint, text) in draft.texts { try put(text.bytes, fingerprint, text.number) }
        try statements.complete.bind(number, at: 1)
        try statements.complete.bind(Int64(opened), at: 2)
        try statements.complete.run()
    }

    /// Writes what became of runs.
    ///
    /// - Returns: How many more runs are open than before.
    private func flushRuns() throws(StorageError) -> Int {
        var opened = 0
        var counts: [Int64: Int64] = [:]
        // Only the ids are sorted: the rest is large.
        for id in draft.runs.keys.sorted() {
            guard let run = draft.runs[id] else { continue }
            if let place = run.birth {
                let birth = draft.births[place]
                let kind = try kind(RunKind(workflow: birth.workflow, plan: birth.plan))
                try insert(birth, kind: kind, run.end)
                counts[kind, default: 0] += 1
                if run.end == nil { opened += 1 }
            } else {
                opened += try change(id, run)
            }
            try flushActivity(id, run)
        }
        for (kind, count) in counts {
            try statements.countKind.bind(count, at: 1)
            try statements.countKind.bind(kind, at: 2)
            try statements.countKind.run()
        }
        return opened
    }

    private func insert(
        _ birth: RunBirth,
        kind: Int64,
        _ end: RunDraft.End?
    ) throws(StorageError) {
        try statements.insertRun.bind(StoreKey.id(birth.id), at: 1)
        try statements.insertRun.bind(kind, at: 2)
        if let end {
            try statements.insertRun.bind(end.status.rawValue, at: 3)
            try statements.insertRun.bind(end.time.milliseconds, at: 4)
        } else {
            try statements.insertRun.bindNull(at: 3)
            try statements.insertRun.bindNull(at: 4)
        }
        if let lineage = RunLineage.bytes(of: birth) {
            try statements.insertRun.bind(lineage.span, at: 5)
        } else {
            try statements.insertRun.bindNull(at: 5)
        }
        try bindLabels(birth.labels)
        try statements.insertRun.run()
    }

    private func bindLabels(_ labels: [UInt8]) throws(StorageError) {
        guard let read = RunLabels(bytes: labels) else {
            try statements.insertRun.bindNull(at: 6)
            return try statements.insertRun.bindNull(at: 7)
        }
        if let session = read.sessionID {
            try statements.insertRun.bind(session, at: 6)
        } else {
            try statements.insertRun.bindNull(at: 6)
        }
        try statements.insertRun.bind(labels.span, at: 7)
    }

    /// Writes how a run of an earlier batch ended or went on.
    ///
    /// - Returns: 1 where it is open now and was not, -1 the other way round.
    private func change(_ id: UUIDv7, _ run: RunDraft) throws(StorageError) -> Int {
        var opened = 0
        if run.wasReopened {
            try statements.reopenRun.bind(StoreKey.id(id), at: 1)
            try statements.reopenRun.run()
            opened += Int(clamping: database.changes)
        }
        if let end = run.end {
            try statements.endRun.bind(end.status.rawValue, at: 1)
            try statements.endRun.bind(end.time.milliseconds, at: 2)
            try statements.endRun.bind(StoreKey.id(id), at: 3)
            try statements.endRun.run()
            opened -= Int(clamping: database.changes)
        }
        return opened
    }

    private func flushActivity(_ id: UUIDv7, _ run: RunDraft) throws(StorageError) {
        let isNew = run.birth != nil
        switch (run.end, run.activity) {
        case (nil, .active) where isNew:
            try statements.activate.bind(StoreKey.id(id), at: 1)
            try statements.activate.run()
        case (nil, .active):
            try statements.reactivate.bind(StoreKey.id(id), at: 1)
            try statements.reactivate.run()
        case (nil, .unchanged): break
        case (nil, .parked), (.some, _):
            guard !isNew else { return }
            try statements.deactivate.bind(StoreKey.id(id), at: 1)
            try statements.deactivate.run()
        }
    }

    private func flushEvents() throws(StorageError) {
        for event in draft.events.sorted(by: EventDraft.isBefore) {
            try statements.insertEvent.bind(StoreKey.event(event.run, event.number), at: 1)
            try statements.insertEvent.withBlob(event.bytes.span, at: 2) {
                () throws(StorageError) in
                try statements.insertEvent.run()
            }
        }
    }

    private func flushWaits() throws(StorageError) {
        for (id, wait) in draft.waits {
            if wait.isOpen {
                guard wait.isChanged else { continue }
                try statements.putWait.bind(StoreKey.wait(id), at: 1)
                try statements.putWait.bind(wait.deadline.milliseconds, at: 2)
                try statements.putWait.bind(StoredWait.bytes(of: wait.keys).span, at: 3)
                try statements.putWait.run()
            } else if wait.isStored {
                try statements.deleteWait.bind(StoreKey.wait(id), at: 1)
                try statements.deleteWait.run()
            }
        }
    }

    private func flushHeld() throws(StorageError) {
        for number in draft.heldGone {
            try statements.deleteHeld.bind(number, at: 1)
            try statements.deleteHeld.run()
        }
        for (number, item) in draft.held.sorted(by: { $0.key < $1.key }) {
            let request = item.held.arrival.callback.requestID
            try statements.insertHeld.bind(number, at: 1)
            try statements.insertHeld.bind(StoreKey.id(request), at: 2)
            try statements.insertHeld.bind(item.hasEntry ? 1 : 0 as Int64, at: 3)
            try statements.insertHeld.bind(item.held.until.milliseconds, at: 4)
            try statements.insertHeld.bind(Int64(item.held.listener), at: 5)
            try statements.insertHeld.bind(item.held.content.span, at: 6)
            try statements.insertHeld.run()
        }
    }
}
