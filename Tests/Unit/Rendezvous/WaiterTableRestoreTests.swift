import Primitives
import Rendezvous
import Testing

/// Waits that are put back after a restart.
@Suite struct WaiterTableRestoreTests {
    private let fixture: WaiterTableFixture

    init() {
        var configuration = WaiterTable.Configuration()
        configuration.lastNumber = 1_000
        fixture = WaiterTableFixture(configuration)
    }

    private func restore(_ number: Int, _ keys: [(String, UInt64)]) -> Bool {
        fixture.table.restore(
            fixture.id(number),
            keys: keys.map { NumberedKey(Keys.key($0), $1) },
            deadline: fixture.at(1_000_000)
        )
    }

    @Test(arguments: [[3, 1, 2], [1, 2, 3], [2, 3, 1], [3, 2, 1]])
    func `the oldest waiter of a key is answered first, in whatever order they come back`(
        _ order: [Int]
    ) {
        for number in order { #expect(restore(number, [("k", UInt64(number))])) }
        fixture.table.finishRestoringWaits()
        for number in 1...3 {
            guard case .delivered(let id, _) = fixture.arrive("k", "content \(number)") else {
                Issue.record("callback \(number) is not delivered")
                return
            }
            #expect(id == fixture.id(number))
        }
        #expect(fixture.table.counts.waiters == 0)
    }

    @Test func `each key of a wait counts from when it was given it`() {
        #expect(restore(1, [("a", 1), ("k", 9)]))
        #expect(restore(2, [("k", 5), ("b", 5)]))
        #expect(restore(3, [("b", 2)]))
        fixture.table.finishRestoringWaits()
        #expect(fixture.arrive("k", "one") == .delivered(fixture.id(2), number: 1_001))
        #expect(fixture.arrive("b", "one") == .delivered(fixture.id(3), number: 1_002))
        #expect(fixture.arrive("k", "two") == .delivered(fixture.id(1), number: 1_003))
        #expect(fixture.table.counts.waiters == 0)
    }

    @Test func `waiters that come later stand behind those that were restored`() {
        for number in [7, 4] { #expect(restore(number, [("k", UInt64(number))])) }
        fixture.table.finishRestoringWaits()
        #expect(fixture.register(9, ["k"]) == .waiting(1_001))
        for (place, number) in [4, 7, 9].enumerated() {
            let arrival = fixture.arrive("k", "content \(place)")
            #expect(arrival == .delivered(fixture.id(number), number: UInt64(1_002 + place)))
        }
    }

    /// Fingerprints by the present rule and by the older one, of a callback whose query counts by now.
    private func arrive(_ key: String, _ content: String, query: String) -> Arrival {
        let hash = FoldHash(key: (1, 2))
        let key = Keys.key(key)
        let older = hash.hash(key.channel.number, key.bytes.span, Array(content.utf8).span)
        let value = hash.hash(1, Array(query.utf8).span, Array(content.utf8).span)
        guard let sought = fixture.table.prepare(channel: key.channel, key: key.bytes.span) else {
            return .rejected
        }
        return fixture.table.arrive(
            sought,
            key: key.bytes.span,
            fingerprint: query.isEmpty ? older : value,
            older: query.isEmpty ? nil : older,
            options: ArriveOptions(),
            now: fixture.now
        ) {
            CallbackRecord(
                key: key,
                status: nil,
                result: [],
                hasFailed: false,
                requestID: UUIDv7(high: 0, low: 0)
            )
        }
    }

    private func olderPrint(_ key: String, _ content: String) -> Fingerprint {
        let key = Keys.key(key)
        return FoldHash(key: (1, 2)).hash(
            key.channel.number,
            key.bytes.span,
            Array(content.utf8).span
        )
    }

    @Test func `what an older version left is known again by the rule of that version`() {
        let record = CallbackRecord(
            key: Keys.key("held"),
            status: nil,
            result: Array("1".utf8),
            hasFailed: false,
            requestID: UUIDv7(high: 0, low: 0)
        )
        #expect(
            fixture.table.restore(
                record,
                fingerprint: olderPrint("held", "one"),
                number: 7,
                until: fixture.at(1_000_000),
                options: ArriveOptions(),
                isOlderPrint: true
            )
        )
        let mark = KeyReport.Mark(
            how: .answered,
            fingerprint: olderPrint("mark", "one"),
            number: 8,
            until: fixture.at(1_000_000),
            isReusable: false,
            isOlderPrint: true
        )
        #expect(fixture.table.restore(Keys.key("mark"), mark: mark))
        for query in ["", "n=1", "n=2"] {
            #expect(arrive("held", "one", query: query) == .duplicate(of: .held, number: 7))
            #expect(arrive("mark", "one", query: query) == .duplicate(of: .delivered, number: 8))
        }
        #expect(arrive("mark", "two", query: "n=1") == .conflict(.answered, number: 8))
        // Fetched by a run of this life, the callback is still one that the older rule tells.
        guard case .matched = fixture.register(1, ["held"]) else {
            Issue.record("the held callback is not handed over")
            return
        }
        #expect(arrive("held", "one", query: "n=3") == .duplicate(of: .delivered, number: 1_001))
    }

    @Test func `what this version left is not known by the older rule`() {
        #expect(arrive("k", "one", query: "") == .held(number: 1_001))
        #expect(arrive("k", "one", query: "n=1") == .held(number: 1_002))
        #expect(arrive("k", "one", query: "n=2") == .held(number: 1_003))
        #expect(arrive("k", "one", query: "n=1") == .duplicate(of: .held, number: 1_002))
    }

    @Test func `among many that one key holds, older ones are told from newer ones`() {
        for number in 1...20 {
            let record = CallbackRecord(
                key: Keys.key("k"),
                status: nil,
                result: [],
                hasFailed: false,
                requestID: UUIDv7(high: 0, low: UInt64(number))
            )
            _ = fixture.table.restore(
                record,
                fingerprint: olderPrint("k", "content \(number)"),
                number: UInt64(number),
                until: fixture.at(1_000_000),
                options: ArriveOptions(),
                isOlderPrint: number <= 10
            )
        }
        for number in 1...20 {
            let arrival = arrive("k", "content \(number)", query: "x")
            if number <= 10 {
                #expect(arrival == .duplicate(of: .held, number: UInt64(number)))
            } else {
                #expect(arrival == .held(number: UInt64(990 + number)))
            }
        }
    }
}
