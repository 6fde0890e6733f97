internal import Journal
package import Primitives
package import Rendezvous
internal import Storage
internal import Workflows

/// The ledger: every request that reached an endpoint.
extension Store {
    /// The newest requests that a query names, newest first, one more than its page where there are more.
    ///
    /// - Complexity: O(requests that are newer than the last one found); with a key or a run four bytes of each are read.
    package func requests(_ query: LedgerQuery) throws(StoreError) -> [LedgerLine] {
        try questioners.read { (reader) throws(StorageError) in
            let ledger = LedgerReader(reader.database)
            var filter = LedgerFilter(query)
            if let before = query.before {
                filter.numberMax = try Self.entry(before, ledger)?.number
            }
            if let run = query.run { try Self.trace(run, reader, ledger, &filter) }
            var lines = try Self.lines(filter, ledger, limit: query.limit)
            try Self.nameFirsts(&lines, ledger)
            return lines
        }
    }

    /// The request with an id, as it stands now; nil where it is unknown.
    package func request(_ id: UUIDv7) throws(StoreError) -> LedgerEntry? {
        try questioners.read { (reader) throws(StorageError) in
            try Self.entry(id, LedgerReader(reader.database))
        }
    }

    /// The id of the request that one repeats; nil where it repeats none, or that is no longer known.
    package func first(of entry: LedgerEntry) throws(StoreError) -> UUIDv7? {
        guard entry.status == .duplicate,
            let number = LedgerNote.duplicateNumber(entry.request.note)
        else { return nil }
        return try questioners.read { (reader) throws(StorageError) in
            try LedgerReader(reader.database).entry(number: number)?.request.id
        }
    }

    /// Everything known about a key.
    ///
    /// - Complexity: O(open waits + held callbacks + marks): there is no index over keys.
    package func keyStory(_ key: WaitKey) throws(StoreError) -> KeyHistory {
        try story(of: key.bytes) { $0 == key }
    }

    /// Everything known about a key in all channels.
    package func keyStory(_ bytes: [UInt8]) throws(StoreError) -> KeyHistory {
        try story(of: bytes) { $0.bytes == bytes }
    }

    private func story(
        of bytes: [UInt8],
        _ isMeant: (WaitKey) -> Bool
    ) throws(StoreError) -> KeyHistory {
        var story = KeyHistory()
        try forEachWait(through: questioners) { id, keys, deadline in
            let keys = keys.map(\.key)
            guard keys.contains(where: isMeant) else { return }
            story.waits.append(StoredWait(id: id, keys: keys, deadline: deadline))
        }
        try forEachHeld(through: questioners) {
            if isMeant($0.arrival.callback.key) { story.held.append($0) }
        }
        try forEachMark(through: questioners) { if isMeant($0.key) { story.marks.append($0) } }
        var query = LedgerQuery()
        query.key = bytes
        query.limit = KeyHistory.requestsMax
        let lines = try requests(query)
        story.requests = lines.prefix(KeyHistory.requestsMax).reversed()
        story.hasMoreRequests = lines.count > KeyHistory.requestsMax
        return story
    }

    private static func lines(
        _ filter: LedgerFilter,
        _ ledger: LedgerReader,
        limit: Int
    ) throws(StorageError) -> [LedgerLine] {
        var lines: [LedgerLine] = []
        try ledger.forEachPlace(
            filter.sought,
            numbers: filter.fetched,
            below: filter.numberMax ?? .max,
            since: filter.query.since,
            until: filter.query.until
        ) { (place) throws(StorageError) in
            for entry in try ledger.entries(first: place.first, last: place.last).reversed()
            where filter.takes(entry) {
                lines.append(entry.line)
                if lines.count > limit { return false }
            }
            return true
        }
        return lines
    }

    /// Names the requests that others repeat by their ids, where the ledger still has them.
    private static func nameFirsts(
        _ lines: inout [LedgerLine],
        _ ledger: LedgerReader
    ) throws(StorageError) {
        var known: [UInt64: UUIDv7?] = [:]
        for index in lines.indices where lines[index].status == .duplicate {
            guard let number = LedgerNote.duplicateNumber(lines[index].note) else { continue }
            let first: UUIDv7?
            if let seen = known[number] {
                first = seen
            } else {
                first = try ledger.entry(number: number)?.request.id
                known[number] = .some(first)
            }
            if let first { lines[index].note = LedgerNote.duplicate(of: first) }
        }
    }

    /// Notes what else leads from requests to a run than the run in their entries.
    private static func trace(
        _ run: UUIDv7,
        _ reader: ReaderPool.Reader,
        _ ledger: LedgerReader,
        _ filter: inout LedgerFilter
    ) throws(StorageError) {
        filter.fetched = try ledger.numbers(fetchedBy: run)
        if case .start(_, let request)? = try StoredRun(run, reader)?.events.first?.event {
            filter.starter = request.flatMap { UUIDv7(text: $0) }
        }
    }

    private static func entry(
        _ id: UUIDv7,
        _ ledger: LedgerReader
    ) throws(StorageError) -> LedgerEntry? {
        var found: LedgerEntry?
        try ledger.forEachPlace([.id(id)]) { (place) throws(StorageError) in
            found = try ledger.entries(first: place.first, last: place.last).first {
                $0.request.id == id
            }
            return found == nil
        }
        return found
    }
}
