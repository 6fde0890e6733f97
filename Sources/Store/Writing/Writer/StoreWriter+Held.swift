internal import Journal
internal import Primitives
internal import Rendezvous
internal import Storage

/// What records mean for callbacks that are held.
extension StoreWriter {
    /// Takes a callback that is held into the draft.
    func hold(_ held: StoredHeld) throws(StorageError) {
        let request = held.arrival.request
        draft.held[held.number] = HeldDraft(held: held, hasEntry: request != nil)
        draft.heldOf[held.arrival.callback.requestID, default: []].append(held.number)
        if let request { try noteRequest(request, number: held.number) }
    }

    /// Takes a held callback that ended a wait out again.
    func fetch(
        _ callback: CallbackRecord,
        for wait: WaitID,
        number: UInt64
    ) throws(StorageError) {
        guard let taken = try takeHeld(callback) else { return }
        let arrival = taken.held.arrival
        if arrival.reusesKey { hasReusable = true }
        draft.fetched[number] = Draft.HeldPrint(
            fingerprint: arrival.fingerprint,
            isOlderPrint: olderPrintsThrough.map { taken.held.number <= $0 } ?? true,
            reusesKey: arrival.reusesKey
        )
        guard taken.hasEntry else { return }
        draft.fates[taken.held.number] = RequestFateRow(status: .delivered, run: wait.run)
    }

    /// Takes a held callback out that nobody fetched.
    func giveUp(_ number: UInt64) throws(StorageError) {
        let hasEntry: Bool
        if let held = draft.held.removeValue(forKey: number) {
            hasEntry = held.hasEntry
        } else {
            hasEntry = try storedHeldHasEntry(number)
            draft.heldGone.insert(number)
        }
        if hasEntry { draft.fates[number] = RequestFateRow(status: .expired, run: nil) }
    }

    /// Takes the oldest held callback that came in a request under a key; nil where there is none.
    private func takeHeld(_ callback: CallbackRecord) throws(StorageError) -> HeldDraft? {
        let key = callback.key
        if let stored = try storedHeld(callback.requestID, key) {
            draft.heldGone.insert(stored.held.number)
            return stored
        }
        for number in draft.heldOf[callback.requestID] ?? [] {
            guard let held = draft.held[number], held.held.arrival.callback.key == key else {
                continue
            }
            return draft.held.removeValue(forKey: number)
        }
        return nil
    }

    private func storedHeld(
        _ request: UUIDv7,
        _ key: WaitKey
    ) throws(StorageError) -> HeldDraft? {
        try statements.findHeld.bind(StoreKey.id(request), at: 1)
        var found: HeldDraft?
        try statements.findHeld.forEachRow { (row) throws(StorageError) in
            let held = try StoredHeld(row)
            guard !draft.heldGone.contains(held.number), held.arrival.callback.key == key else {
                return true
            }
            found = HeldDraft(held: held, hasEntry: row.integer(at: 1) != 0)
            return false
        }
        return found
    }

    private func storedHeldHasEntry(_ number: UInt64) throws(StorageError) -> Bool {
        try statements.findHeldEntry.bind(number, at: 1)
        var hasEntry = false
        try statements.findHeldEntry.forEachRow { (row) throws(StorageError) in
            hasEntry = row.integer(at: 0) != 0
            return false
        }
        return hasEntry
    }

    /// Writes what is held by now.
    func flushHeld() throws(StorageError) {
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

extension StoredHeld {
    /// Reads a row of number, has_entry, until, listener and content.
    init(_ row: borrowing Statement) throws(StorageError) {
        let number = row.number(at: 0)
        let until = row.time(at: 2)
        let listener = Int(clamping: row.integer(at: 3))
        self = try StorageError.corrupt("held", row.blob(at: 4)) {
            (content) throws(RecordReader.Damage) in
            try StoredHeld(number: number, until: until, listener: listener, content: content)
        }
    }
}
