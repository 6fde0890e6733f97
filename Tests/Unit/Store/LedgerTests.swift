import Journal
import Primitives
import Rendezvous
import Store
import Testing

/// What the ledger lists and shows.
@Suite struct LedgerTests {
    /// A moment some seconds after the bench's.
    private func at(_ seconds: Int64) -> WallTime { Make.time.advanced(by: .seconds(seconds)) }

    /// Ten requests in three batches, one second apart, every third one refused.
    private func filled() throws -> StoreFixture {
        let fixture = try StoreFixture()
        for batch in [0..<3, 3..<7, 7..<10] {
            try fixture.take(
                batch.map { index in
                    .received(
                        Make.request(
                            index,
                            index % 3 == 0 ? .rejected : .progress,
                            key: "k\(index % 2)",
                            time: at(Int64(index)),
                            endpoint: index < 5 ? "POST :8090/a" : "POST :8090/b"
                        )
                    )
                }
            )
        }
        return fixture
    }

    private func numbers(_ lines: [LedgerLine]) -> [String] { lines.map(\.note) }

    private func notes(_ numbers: [Int]) -> [String] { numbers.map { "note \($0)" } }

    @Test func `requests are listed newest first, one more than asked for`() throws {
        let fixture = try filled()
        var query = LedgerQuery()
        #expect(try numbers(fixture.store.requests(query)) == notes(Array((0..<10).reversed())))
        query.limit = 4
        let page = try fixture.store.requests(query)
        #expect(numbers(page) == notes([9, 8, 7, 6, 5]))
        query.before = page[3].id
        #expect(try numbers(fixture.store.requests(query)) == notes([5, 4, 3, 2, 1]))
    }

    @Test(arguments: [
        ("rejected", [9, 6, 3, 0]), ("endpoint", [9, 8, 7, 6, 5]), ("since", [9, 8, 7]),
        ("until", [1, 0]), ("key", [9, 7, 5, 3, 1]), ("unknown key", []),
    ])
    func `a query names`(_ what: String, _ expected: [Int]) throws {
        let fixture = try filled()
        var query = LedgerQuery()
        switch what {
        case "rejected": query.statuses = [.rejected]
        case "endpoint": query.endpoint = "/b"
        case "since": query.since = at(7)
        case "until": query.until = at(2)
        case "key": query.key = Array("k1".utf8)
        default: query.key = Array("k7".utf8)
        }
        #expect(try numbers(fixture.store.requests(query)) == notes(expected))
    }

    @Test func `a request is shown whole`() throws {
        let fixture = try filled()
        let request = Make.request(4, .progress, key: "k0", time: at(4))
        let entry = try #require(try fixture.store.request(request.id))
        #expect(entry.number == 5 && entry.status == .progress && entry.run == nil)
        #expect(entry.request.body == request.body && entry.request.headers == request.headers)
        #expect(entry.request.target == request.target && entry.request.key == Array("k0".utf8))
        #expect(try fixture.store.request(Make.run(77)) == nil)
    }

    @Test func `a run's requests are those that started it and those it got`() throws {
        let fixture = try StoreFixture()
        let trigger = Make.request(1, .triggered)
        let early = Make.arrival(2, key: Make.key("e"), .held)
        try fixture.take(
            .received(trigger),
            .held(early, until: at(60), listener: 0),
            .received(Make.request(3, .rejected))
        )
        try fixture.take(.began([Make.birth(1, request: trigger.id)], []))
        try fixture.take(
            .fetched(Make.wait(1), keys: [Make.key("e")], early.callback, Make.stamp()),
            .delivered(
                Make.wait(1, step: 2),
                Make.arrival(4, key: Make.key("d"), .delivered),
                Make.stamp()
            )
        )
        var query = LedgerQuery()
        query.run = Make.run(1)
        #expect(try numbers(fixture.store.requests(query)) == notes([4, 2, 1]))
        query.statuses = [.delivered]
        #expect(try numbers(fixture.store.requests(query)) == notes([4, 2]))
    }

    @Test func `a key's story tells all there is`() throws {
        let fixture = try StoreFixture()
        let key = Make.key("k")
        try fixture.take(
            .began([Make.birth(1), Make.birth(2)], []),
            .waiting(Make.wait(1), keys: [key], deadline: at(60)),
            .delivered(Make.wait(1), Make.arrival(1, key: key, .delivered), Make.stamp())
        )
        try fixture.take(
            .waiting(Make.wait(2), keys: [Make.key("k", channel: 2)], deadline: at(60)),
            .held(Make.arrival(2, key: key, .held), until: at(60), listener: 0),
            .waiting(Make.wait(2, step: 2), keys: [Make.key("other")], deadline: at(60))
        )
        let story = try fixture.store.keyStory(key.bytes)
        #expect(story.waits.map(\.id) == [Make.wait(2)])
        #expect(story.held.map(\.number) == [5])
        #expect(story.marks.map(\.wait) == [Make.wait(1)])
        #expect(story.requests.map(\.status) == [.delivered, .held] && !story.hasMoreRequests)
        let narrow = try fixture.store.keyStory(key)
        #expect(narrow.waits.isEmpty && narrow.held.count == 1 && narrow.marks.count == 1)
    }

    @Test func `many large requests of one batch are all there`() throws {
        let fixture = try StoreFixture()
        try fixture.take(
            (0..<3000).map { index in
                .received(
                    Make.request(index, .progress, bodyBytes: index % 100 == 0 ? 300_000 : 5)
                )
            }
        )
        var query = LedgerQuery()
        query.limit = 10_000
        #expect(try fixture.store.requests(query).count == 3000)
        #expect(
            try fixture.store.requests(query).map(\.bodyBytes).reduce(0, +) == 30 * 300_000 + 2970
                * 5
        )
        #expect(try fixture.store.check() == [])
    }

    @Test
    func `a bulk request is found by the key of each item, in any batch, and after others went`()
        throws
    {
        let fixture = try StoreFixture()
        let count = 20_000
        var items = ItemPrints()
        for index in 0..<count { items.add(ItemPrints.print(Array("item-\(index)".utf8).span)) }
        try fixture.take(.received(Make.request(0, .progress, key: "single")))
        let bulk = Make.request(1, .bulk, items: items)
        try fixture.take(.received(bulk), .received(Make.request(2, .rejected, key: "item-3")))
        try fixture.take(.received(Make.request(3, .bulk)))
        var query = LedgerQuery()
        for index in [0, 3, 4711, count - 1] {
            query.key = Array("item-\(index)".utf8)
            let expected = index == 3 ? [2, 1] : [1]
            #expect(try numbers(fixture.store.requests(query)) == notes(expected))
        }
        for key in ["item-20000", "item-", "item-00", ""] {
            query.key = Array(key.utf8)
            #expect(try fixture.store.requests(query).isEmpty, "\(key)")
        }
        let found = try #require(try fixture.store.request(bulk.id))
        #expect(found.request.items == items && found.line.hasItems)
        #expect(try !fixture.store.requests(LedgerQuery())[0].hasItems)
        try fixture.reopen()
        query.key = Array("item-3".utf8)
        #expect(try fixture.store.requests(query).count == 2)
    }
}
