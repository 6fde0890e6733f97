internal import Journal
internal import Primitives
package import Rendezvous
package import Runs
package import Store

/// What is known of requests and keys, for people: the store's ledger, and what waits at present.
///
/// Everything here blocks, and is for the threads of questions.
package final class LedgerAccess: Sendable {
    /// Has requests handled again.
    let replays: ReplayService
    /// What channels are called.
    let channels: KeyChannels
    private let store: Store
    private let table: WaiterTable
    private let engine: RunEngine
    private let questions: QuestionService

    /// The most waits of a key whose runs are looked at.
    static let waitsMax = 20

    /// Makes a shelf over a store.
    package init(
        store: Store,
        table: WaiterTable,
        engine: RunEngine,
        channels: KeyChannels,
        replays: ReplayService,
        questions: QuestionService
    ) {
        self.store = store
        self.table = table
        self.engine = engine
        self.channels = channels
        self.replays = replays
        self.questions = questions
    }

    /// Why what came last may be missing; nil where it is not.
    var behind: String? { store.failure.map { "the store cannot be written at present: \($0)" } }

    /// The newest requests that a query names, one more than its page where there are more.
    func requests(_ query: LedgerQuery) throws(StoreError) -> [LedgerLine] {
        catchUp()
        return try store.requests(query)
    }

    /// A request as it stands now; nil where it is unknown.
    func request(_ id: UUIDv7) throws(StoreError) -> LedgerEntry? {
        catchUp()
        return try store.request(id)
    }

    /// The id of the request that one repeats; nil where it repeats none, or that is no longer known.
    func first(of entry: LedgerEntry) throws(StoreError) -> UUIDv7? { try store.first(of: entry) }

    /// The keys that are waited for now and look most like that of a request which met no wait; nil for other requests.
    func nearest(to entry: LedgerEntry) -> [NearestKeys.Found]? {
        switch entry.status {
        case .rejected, .expired, .held: break
        case .delivered, .progress, .duplicate, .triggered, .bulk, .handshake: return nil
        }
        let key = entry.request.key
        guard !key.isEmpty, let channel = channels.channel(ofEndpoint: entry.request.endpoint)
        else { return nil }
        return nearest(to: key) { $0 == channel }
    }

    /// Gathers everything known about a key, and hands it on; on a thread for questions.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - channel: The one channel that counts; nil for all.
    ///   - body: Is given what is known.
    func explain(
        _ key: [UInt8],
        in channel: Channel?,
        _ body: @escaping @Sendable (Result<KeyExplanation, StoreError>) -> Void
    ) {
        catchUp()
        do throws(StoreError) {
            let story =
                if let channel {
                    try store.keyStory(WaitKey(channel: channel, bytes: key))
                } else {
                    try store.keyStory(key)
                }
            var explanation = KeyExplanation(key: key, story: story, channels: channels)
            explanation.behind = behind
            explanation.onlyChannel = channel.map(channels.name)
            if story.waits.isEmpty {
                explanation.nearest = nearest(to: key) { channel == nil || $0 == channel }
            } else {
                explanation.othersHeld = try held(beside: key, for: story.waits)
            }
            if story.requests.isEmpty {
                let meant = Set(story.waits.flatMap(\.keys).map(\.channel))
                explanation.unread = try unread(key) { found in
                    meant.isEmpty ? channel == nil || found == channel : meant.contains(found)
                }
            }
            describe(story.waits.prefix(Self.waitsMax), explanation, body)
        } catch {
            body(.failure(error))
        }
    }

    /// Goes on with something on a thread for questions: whoever was told of an answer may be the journal's own thread.
    func goOn(_ body: @escaping @Sendable () -> Void) {
        questions.goOn(body, refused: body)
    }

    /// Has the store write what it was given, so that a person finds what was there a moment ago.
    private func catchUp() {
        do throws(StoreError) {
            try store.flush()
        } catch {
            // What cannot be written now is told by /readyz and the log; what is there can be read all the same.
        }
    }

    private func nearest(
        to key: [UInt8],
        _ isMeant: (Channel) -> Bool
    ) -> [NearestKeys.Found] {
        var nearest = NearestKeys(key)
        table.forEachOpenWait { wait in
            for waited in wait.keys where isMeant(waited.channel) {
                nearest.see(waited.bytes, of: wait.id)
            }
        }
        return nearest.found
    }

    /// The callbacks that are held on the channels of waits under other keys.
    private func held(
        beside key: [UInt8],
        for waits: [StoredWait]
    ) throws(StoreError) -> KeyExplanation.OthersHeld {
        let channels = Set(waits.flatMap(\.keys).filter { $0.bytes == key }.map(\.channel))
        var others = KeyExplanation.OthersHeld()
        var nearest = NearestKeys(key)
        try store.forEachHeld { held in
            let callback = held.arrival.callback
            guard channels.contains(callback.key.channel), callback.key.bytes != key else { return }
            others.count += 1
            others.newest = Array((others.newest + [callback.key.bytes]).suffix(3))
            let nobody = WaitID(run: callback.requestID, step: 0, attempt: 0)
            nearest.see(callback.key.bytes, of: nobody)
        }
        others.nearest = nearest.found.map(\.key)
        return others
    }

    /// Requests to endpoints on channels that are not found by a key; bounded.
    private func unread(
        _ key: [UInt8],
        _ isMeant: (Channel) -> Bool
    ) throws(StoreError) -> UnreadRequests {
        var query = LedgerQuery()
        query.statuses = [.bulk, .rejected]
        query.limit = UnreadRequests.linesMax
        let lines = try store.requests(query)
        var unread = UnreadRequests()
        unread.isCut = lines.count > UnreadRequests.linesMax
        var bodies = 0
        for line in lines.prefix(UnreadRequests.linesMax) where line.key.isEmpty && !line.hasItems {
            guard let channel = channels.channel(ofEndpoint: line.endpoint), isMeant(channel) else {
                continue
            }
            guard channels.isBulk(line.endpoint) else {
                unread.refusedCount += 1
                continue
            }
            unread.bulkCount += 1
            guard bodies < UnreadRequests.bodiesMax, line.bodyBytes <= UnreadRequests.bodyBytesMax
            else { continue }
            bodies += 1
            guard let entry = try store.request(line.id),
                UnreadRequests.holds(key, in: entry.request.body)
            else { continue }
            unread.holding.append(line)
        }
        return unread
    }

    /// Looks at the runs that wait, one after the other.
    private func describe(
        _ waits: ArraySlice<StoredWait>,
        _ explanation: KeyExplanation,
        _ done: @escaping @Sendable (Result<KeyExplanation, StoreError>) -> Void
    ) {
        guard let wait = waits.first else { return done(.success(explanation)) }
        engine.find(wait.id.run) { [self] finding in
            if case .unreadable(let error) = finding { return done(.failure(error)) }
            var explanation = explanation
            explanation.waits.append(.init(wait, finding.cell))
            describe(waits.dropFirst(), explanation, done)
        }
    }
}
