import Journal
import Primitives
import Rendezvous
import Storage
import TestKit
import Testing
import Workflows

@testable import Store

/// What goes when, and what stays.
@Suite struct RetentionTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func writer(_ settings: StoreSettings = StoreSettings()) throws -> StoreWriter {
        var file = DatabaseSettings(path: directory.path("store.db"))
        file.applicationID = StoreSchema.applicationID
        file.pageBytes = StoreSchema.pageBytes
        return try StoreWriter(file, settings: settings)
    }

    private func write(_ writer: StoreWriter, _ records: [JournalRecord]) throws {
        let first = writer.completeThrough + 1
        let last = first + UInt64(records.count) - 1
        var load = StoreLoad(through: last, count: records.count)
        load.commits = [
            zip(first...last, records).map { NumberedRecord(number: $0.0, record: $0.1) }
        ]
        try writer.write(load, parks: [])
    }

    /// Removes all that is old at a moment this long after the records' time.
    private func retain(_ writer: StoreWriter, after duration: Nanoseconds) throws {
        let now = Make.time.advanced(by: duration)
        while try writer.retain(now: now) {}
    }

    private func count(_ writer: StoreWriter, _ sql: String) throws -> Int64 {
        try writer.database.integer("SELECT \(sql)") ?? 0
    }

    @Test func `ended runs go after their time, open ones stay`() throws {
        let writer = try writer()
        try write(
            writer,
            [.text(Make.plan(1), [1]), .began((0..<1200).map { Make.birth($0) }, [])]
        )
        try write(writer, (0..<1199).map { .finished(Make.run($0), .completed, Make.time) })
        try retain(writer, after: .seconds(6 * 86_400))
        #expect(try RunCounts(writer.database).runs == 1200)
        try retain(writer, after: .seconds(8 * 86_400))
        #expect(try RunCounts(writer.database).runs == 1)
        #expect(try RunCounts(writer.database).events == 1)
        #expect(try count(writer, "sum(runs) FROM kinds") == 1)
        #expect(try StoreCheck(writer.database).problems() == [])
    }

    @Test func `large events go with their run`() throws {
        let writer = try writer()
        let text = String(repeating: "x", count: 9000)
        try write(writer, [.text(Make.plan(1), [1]), .began([Make.birth(1)], [])])
        try write(writer, [.advanced(Make.run(1), .cancel(reason: text), Make.stamp())])
        try write(writer, [.finished(Make.run(1), .cancelled, Make.time)])
        #expect(try count(writer, "count(*) FROM run_events") == 1)
        try retain(writer, after: .seconds(8 * 86_400))
        #expect(try count(writer, "count(*) FROM run_events") == 0)
        #expect(try count(writer, "count(*) FROM run_chunks") == 0)
    }

    @Test func `a run that began long ago and ended late stays`() throws {
        let writer = try writer()
        try write(writer, [.began([Make.birth(1)], [])])
        try write(
            writer,
            [.finished(Make.run(1), .failed, Make.time.advanced(by: .seconds(8 * 86_400)))]
        )
        try retain(writer, after: .seconds(9 * 86_400))
        #expect(try RunCounts(writer.database).runs == 1)
        try retain(writer, after: .seconds(16 * 86_400))
        #expect(try RunCounts(writer.database).runs == 0)
    }

    @Test func `refused and expired requests go before the others`() throws {
        let writer = try writer()
        let arrivals = (0..<3).map { Make.arrival($0, key: Make.key("k\($0)"), .held) }
        try write(writer, arrivals.map { .held($0, until: Make.time, listener: 0) })
        try write(
            writer,
            [
                .received(Make.request(10, .rejected)), .received(Make.request(11, .triggered)),
                .fetched(Make.wait(1), keys: [Make.key("k0")], arrivals[0].callback, Make.stamp()),
                .unfetched(number: 2, Make.time),
            ]
        )
        try retain(writer, after: .seconds(3600))
        #expect(try count(writer, "sum(count) FROM request_chunks") == 5)
        try retain(writer, after: .seconds(86_400 + 60))
        let ledger = LedgerReader(writer.database)
        var left: [UInt64: ReceivedRequest.Status] = [:]
        try ledger.forEachPlace { (place) throws(StorageError) in
            for entry in try ledger.entries(first: place.first, last: place.last) {
                left[entry.number] = entry.status
            }
            return true
        }
        #expect(left == [1: .delivered, 3: .held, 5: .triggered])
        #expect(try count(writer, "count(*) FROM request_fates") == 0)
        #expect(try count(writer, "sum(passing) FROM request_chunks") == 1)
        try retain(writer, after: .seconds(8 * 86_400))
        #expect(try count(writer, "count(*) FROM request_chunks") == 0)
        #expect(try count(writer, "count(*) FROM request_contents") == 0)
    }

    @Test func `a bulk request is found by its items' keys after others of its chunk went`() throws
    {
        let writer = try writer()
        var items = ItemPrints()
        items.add(ItemPrints.print(Array("item".utf8).span))
        try write(
            writer,
            [
                .received(Make.request(1, .rejected)),
                .received(Make.request(2, .bulk, items: items)),
            ]
        )
        try retain(writer, after: .seconds(86_400 + 60))
        #expect(try count(writer, "sum(count) FROM request_chunks") == 1)
        var found: [LedgerEntry] = []
        let ledger = LedgerReader(writer.database)
        try ledger.forEachPlace([.key(Array("item".utf8))]) { (place) throws(StorageError) in
            found += try ledger.entries(first: place.first, last: place.last)
            return true
        }
        #expect(found.map(\.request.items) == [items])
    }

    @Test func `marks and claims go when they are forgotten`() throws {
        let writer = try writer()
        let claim = Claim(
            key: Make.plan(1),
            payload: Make.plan(2),
            until: Make.time.advanced(by: .seconds(60)),
            answer: []
        )
        try write(
            writer,
            [
                .began([Make.birth(1)], [claim]),
                .delivered(
                    Make.wait(1),
                    Make.arrival(1, key: Make.key("a"), .delivered),
                    Make.stamp()
                ),
                .delivered(
                    Make.wait(1, step: 2),
                    Make.arrival(2, key: Make.key("b"), nil, reusesKey: true),
                    Make.stamp()
                ),
            ]
        )
        try retain(writer, after: .seconds(30))
        #expect(try count(writer, "count(*) FROM claims") == 1)
        try retain(writer, after: .seconds(120))
        #expect(try count(writer, "count(*) FROM claims") == 0)
        #expect(try count(writer, "count(*) FROM mark_chunks") == 1)
        #expect(try count(writer, "count(*) FROM reusable_marks") == 1)
        try retain(writer, after: .seconds(3700))
        #expect(try count(writer, "count(*) FROM mark_chunks") == 0)
        #expect(try count(writer, "count(*) FROM reusable_marks") == 0)
    }

    @Test func `the oldest marks go beyond the bound`() throws {
        var settings = StoreSettings()
        settings.rememberedCountMax = 25
        let writer = try writer(settings)
        for batch in 0..<5 {
            try write(
                writer,
                (0..<10).map { .ended(Make.wait(batch, attempt: $0), .cancelled, Make.time) }
                    .flatMap { ended in
                        [
                            .waiting(
                                Self.wait(of: ended),
                                keys: [Make.key("k")],
                                deadline: Make.time
                            ), ended,
                        ]
                    }
            )
        }
        try retain(writer, after: .seconds(1))
        #expect(try count(writer, "sum(count) FROM mark_chunks") == 30)
        #expect(try count(writer, "min(last) FROM mark_chunks") == 60)
    }

    /// A clock that was a year ahead for a moment, and right again.
    private static let ahead = Make.time.advanced(by: .seconds(365 * 86_400))

    @Test func `requests that came when the clock was ahead go with those that came after them`()
        throws
    {
        let writer = try writer()
        try write(writer, [.received(Make.request(1, .triggered))])
        try write(
            writer,
            [
                .received(Make.request(2, .triggered, time: Self.ahead)),
                .received(Make.request(3, .rejected, time: Self.ahead)),
            ]
        )
        try write(
            writer,
            [.received(Make.request(4, .triggered)), .received(Make.request(5, .rejected))]
        )
        try retain(writer, after: .seconds(3600))
        #expect(try count(writer, "sum(count) FROM request_chunks") == 5)
        // The refused ones are past their shorter time.
        try retain(writer, after: .seconds(2 * 86_400))
        #expect(try count(writer, "sum(count) FROM request_chunks") == 3)
        try retain(writer, after: .seconds(8 * 86_400))
        #expect(try count(writer, "count(*) FROM request_chunks") == 0)
        // Alone at the end, nothing says how old it is: it stays for as long as nothing comes behind it.
        try write(writer, [.received(Make.request(6, .triggered, time: Self.ahead))])
        try retain(writer, after: .seconds(8 * 86_400))
        #expect(try count(writer, "count(*) FROM request_chunks") == 1)
    }

    @Test func `a moment in which the clock was behind takes nothing that is young`() throws {
        let writer = try writer()
        let behind = WallTime(milliseconds: 1000)
        try write(writer, [.received(Make.request(1, .triggered))])
        try write(writer, [.received(Make.request(2, .triggered, time: behind))])
        try write(writer, [.received(Make.request(3, .triggered))])
        try retain(writer, after: .seconds(60))
        #expect(try count(writer, "min(first) FROM request_chunks") == 1)
        #expect(try count(writer, "max(first) FROM request_chunks") == 3)
    }

    @Test func `ends of waits of a clock that was ahead go with those behind them`() throws {
        let writer = try writer()
        for (run, time) in [(1, Make.time), (2, Self.ahead), (3, Make.time)] {
            let (key, other) = (Make.key("a\(run)"), Make.key("b\(run)"))
            try write(
                writer,
                [
                    .began([Make.birth(run)], []),
                    .delivered(
                        Make.wait(run),
                        Make.arrival(run, key: key, nil, time: time),
                        Make.stamp(time)
                    ),
                    .delivered(
                        Make.wait(run, step: 2),
                        Make.arrival(run + 10, key: other, nil, reusesKey: true, time: time),
                        Make.stamp(time)
                    ),
                ]
            )
        }
        try retain(writer, after: .seconds(60))
        #expect(try count(writer, "sum(count) FROM mark_chunks") == 3)
        try retain(writer, after: .seconds(3700))
        #expect(try count(writer, "count(*) FROM mark_chunks") == 0)
        #expect(try count(writer, "count(*) FROM reusable_marks") == 0)
    }

    @Test
    func `runs that began or ended when the clock was ahead go with those that ended after them`()
        throws
    {
        let writer = try writer()
        let future = UUIDv7(time: Self.ahead, random: (3, 3))
        try write(
            writer,
            [.began([Make.birth(1), Make.birth(2)], []), .began([Make.birth(of: future)], [])]
        )
        try write(
            writer,
            [
                .finished(future, .completed, Self.ahead),
                .finished(Make.run(1), .failed, Self.ahead),
            ]
        )
        try write(writer, [.advanced(Make.run(2), .cancel(reason: "x"), Make.stamp())])
        try write(writer, [.finished(Make.run(2), .cancelled, Make.time)])
        try retain(writer, after: .seconds(60))
        #expect(try RunCounts(writer.database).runs == 3)
        try retain(writer, after: .seconds(8 * 86_400))
        try retain(writer, after: .seconds(8 * 86_400 + 60))
        #expect(try RunCounts(writer.database).runs == 0)
        #expect(try StoreCheck(writer.database).problems().filter { !$0.contains("text") } == [])
    }

    private static func wait(of record: JournalRecord) -> WaitID {
        if case .ended(let wait, _, _) = record { return wait }
        return Make.wait(0)
    }

    @Test func `texts that no run names go, those that new runs may name stay`() throws {
        var writer = try writer()
        try write(
            writer,
            [
                .text(Make.plan(1), [1]), .text(Make.plan(2), [2]), .text(Make.plan(3), [3]),
                .began([Make.birth(1, plan: 2)], []),
            ]
        )
        try retain(writer, after: .seconds(30 * 86_400))
        #expect(try count(writer, "count(*) FROM texts") == 3)
        // After a restart only the newest may be named by new runs.
        writer = try self.writer()
        try retain(writer, after: .seconds(30 * 86_400))
        #expect(try count(writer, "count(*) FROM texts") == 2)
        #expect(try StoreCheck(writer.database).problems() == [])
    }
}
