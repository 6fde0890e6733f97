internal import Primitives
internal import Rendezvous
internal import Storage
internal import Workflows

/// What records mean for waits, held callbacks and marks.
extension StoreWriter {
    /// Takes a record about a wait or a callback into the draft.
    func noteWait(_ record: JournalRecord, number: UInt64) throws(StorageError) {
        switch record {
        case .waiting(let wait, let keys, let deadline):
            open(wait, keys, deadline, number: number)
        case .keyAdded(let wait, let key): try add(key, to: wait, number: number)
        case .delivered(let wait, let arrival, let stamp):
            try deliver(arrival, to: wait, stamp, number: number)
        case .held(let arrival, let until, let listener):
            hold(StoredHeld(number: number, arrival: arrival, until: until, listener: listener))
        case .fetched(let wait, let keys, let callback, let stamp):
            try fetch(callback, for: wait, keys, stamp, number: number)
        case .ended(let wait, let how, let time):
            try close(wait, Ending(how: how, time: time, number: number))
        case .timedOut(let wait, let stamp):
            try close(wait, Ending(how: .timedOut, time: stamp.wall, number: number))
            let row = RunEventRow(.waitExpired(AttemptRef(wait)), stamp)
            noteEvent(wait.run, row.bytes, number: number)
        case .unfetched(let held, _): try giveUp(held)
        case .began, .advanced, .finished, .received, .text: break
        }
    }

    /// How a wait ended.
    private struct Ending {
        let how: EndedHow
        let time: WallTime
        let number: UInt64
        var fingerprint: Fingerprint?
        var reusesKey = false
    }

    private func open(
        _ wait: WaitID,
        _ given: [WaitKey],
        _ deadline: WallTime,
        number: UInt64
    ) {
        var keys: [NumberedKey] = []
        for key in given where !keys.contains(where: { $0.key == key }) {
            keys.append(NumberedKey(key, number))
            retire(key)
        }
        draft.waits[wait] = WaitDraft(
            keys: keys,
            deadline: deadline,
            isStored: draft.waits[wait]?.isStored ?? false,
            isChanged: true
        )
    }

    private func add(
        _ key: WaitKey,
        to wait: WaitID,
        number: UInt64
    ) throws(StorageError) {
        guard let found = try openWait(wait), !found.keys.contains(where: { $0.key == key })
        else { return }
        retire(key)
        draft.waits[wait]?.keys.append(NumberedKey(key, number))
        draft.waits[wait]?.isChanged = true
    }

    private func deliver(
        _ arrival: CallbackArrival,
        to wait: WaitID,
        _ stamp: Stamp,
        number: UInt64
    ) throws(StorageError) {
        let ending = Ending(
            how: .answered,
            time: arrival.time,
            number: number,
            fingerprint: arrival.fingerprint,
            reusesKey: arrival.reusesKey
        )
        try close(wait, ending, also: [arrival.callback.key])
        noteCallback(arrival.callback, of: wait, stamp, number: number)
        if let request = arrival.request { noteRequest(request, run: wait.run, number: number) }
    }

    private func hold(_ held: StoredHeld) {
        let request = held.arrival.request
        draft.held[held.number] = HeldDraft(held: held, hasEntry: request != nil)
        draft.heldOf[held.arrival.callback.requestID, default: []].append(held.number)
        if let request { noteRequest(request, run: nil, number: held.number) }
    }

    private func fetch(
        _ callback: CallbackRecord,
        for wait: WaitID,
        _ keys: [WaitKey],
        _ stamp: Stamp,
        number: UInt64
    ) throws(StorageError) {
        let held = try takeHeld(callback)
        let ending = Ending(
            how: .answered,
            time: stamp.wall,
            number: number,
            fingerprint: held?.held.arrival.fingerprint,
            reusesKey: held?.held.arrival.reusesKey ?? false
        )
        for key in keys { retire(key) }
        try close(wait, ending, also: keys)
        noteCallback(callback, of: wait, stamp, number: number)
        if let held, held.hasEntry {
            let fate = RequestFateRow(status: .delivered, run: wait.run)
            draft.fates[held.held.number] = fate
        }
    }

    private func noteCallback(
        _ callback: CallbackRecord,
        of wait: WaitID,
        _ stamp: Stamp,
        number: UInt64
    ) {
        var out = RecordWriter()
        RunEvent.write(callback, of: wait, to: &out)
        stamp.write(to: &out)
        noteEvent(wait.run, out.bytes, number: number)
    }

    private func giveUp(_ number: UInt64) throws(StorageError) {
        let hasEntry: Bool
        if let held = draft.held.removeValue(forKey: number) {
            hasEntry = held.hasEntry
        } else {
            hasEntry = try storedHeldHasEntry(number)
            draft.heldGone.insert(number)
        }
        if hasEntry { draft.fates[number] = RequestFateRow(status: .expired, run: nil) }
    }

    /// Ends a wait under its keys, and under others that it would have got.
    private func close(
        _ wait: WaitID,
        _ ending: Ending,
        also others: [WaitKey] = []
    ) throws(StorageError) {
        var keys = try openWait(wait)?.keys.map(\.key) ?? []
        draft.waits[wait]?.isOpen = false
        for key in others where !keys.contains(key) { keys.append(key) }
        for key in keys {
            let mark = StoredMark(
                number: ending.number,
                key: key,
                how: ending.how,
                fingerprint: ending.fingerprint,
                until: ending.time.advanced(by: settings.rememberFor),
                reusesKey: ending.reusesKey,
                wait: wait,
                time: ending.time
            )
            if ending.reusesKey {
                draft.reusable[key, default: []].append(mark)
            } else {
                draft.marks.add(mark)
            }
        }
    }

    /// Forgets the marks that left a key open, because a waiter registers.
    private func retire(_ key: WaitKey) {
        draft.reusable[key] = nil
        if hasReusable { draft.retired.insert(key) }
    }

    /// A wait that has not ended, from the draft or from its row.
    private func openWait(_ wait: WaitID) throws(StorageError) -> WaitDraft? {
        if let known = draft.waits[wait] { return known.isOpen ? known : nil }
        try statements.findWait.bind(StoreKey.wait(wait), at: 1)
        var found: WaitDraft?
        try statements.findWait.forEachRow { (row) throws(StorageError) in
            let keys = try StorageError.corrupt("waits", row.blob(at: 1), StoredWait.keys)
            found = WaitDraft(keys: keys, deadline: row.time(at: 0), isStored: true)
            return false
        }
        draft.waits[wait] = found
        return found
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

extension StorageError {
    /// Reads the content of a row; one that cannot be read is damage of the file.
    static func corrupt<Value>(
        _ table: String,
        _ content: [UInt8],
        _ read: ([UInt8]) throws(RecordReader.Damage) -> Value
    ) throws(StorageError) -> Value {
        do throws(RecordReader.Damage) {
            return try read(content)
        } catch {
            throw StorageError(.corrupt, "a row of `\(table)` is damaged: \(error.reason)")
        }
    }
}
