import JSONWire
import Primitives
import TestKit
import Testing

/// Block 05, `max_concurrent_count: 10`: requests being processed are limited, not bodies coming in.
@Suite struct ConcurrencyBlockTests {
    private static func request(_ body: String) -> String {
        "POST /callback HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    /// Ten requests of ten connections that stand in the ten places.
    private static func occupy(
        _ fixture: ServerFixture,
        _ journal: HeldBackJournal
    ) throws -> [RawConnection] {
        let connections = try (1...10).map { number in
            let connection = try RawConnection(port: fixture.ports[8090])
            try connection.send(request(#"{"note":"\#(number)"}"#))
            return connection
        }
        try journal.waitForRecords(10)
        return connections
    }

    @Test func `13.2.6 concurrency control, slow bodies take no place`() throws {
        let fixture = try ServerFixture(Block(5).adding(Completion.controller))
        defer { fixture.stop() }
        let slow = try (1...10).map { _ in
            let connection = try RawConnection(port: fixture.ports[8090])
            try connection.send(
                "POST /callback HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n"
            )
            try connection.send(String(repeating: " ", count: 2048))
            return connection
        }
        try expect(fixture.post("/callback", #"{"note":"eleven"}"#), .held)
        for connection in slow {
            try connection.send(String(repeating: " ", count: 2048))
            connection.close()
        }
    }

    @Test func `13.2.6 concurrency control, the eleventh waits for a place`() throws {
        let journal = HeldBackJournal()
        let fixture = try ServerFixture(Block(5).adding(Completion.controller), journal: journal)
        defer { fixture.stop() }
        let connections = try Self.occupy(fixture, journal)
        let eleventh = try RawConnection(port: fixture.ports[8090])
        try eleventh.send(Self.request(#"{"note":"eleven"}"#))
        #expect(throws: KitError.self) { try eleventh.readReply(deadline: .milliseconds(200)) }
        #expect(journal.appendedCount == 10)
        #expect(try fixture.at(8088).get("/health").status == 200)

        journal.letGo()
        for connection in connections { try expect(connection.readReply(), .held) }
        try expect(eleventh.readReply(), .held)
    }

    @Test func `13.2.6 concurrency control, the eleventh is told when it waited too long`() throws {
        let journal = HeldBackJournal()
        let block = try Block(5).replacing(
            "  path: /callback\n",
            with: "  path: /callback\n  queue_timeout: 200ms\n"
        )
        let fixture = try ServerFixture(block.adding(Completion.controller), journal: journal)
        defer { fixture.stop() }
        let connections = try Self.occupy(fixture, journal)
        let refused = try fixture.post("/callback", #"{"note":"eleven"}"#)
        try expect(refused, .refused(503))
        #expect(refused.headers["retry-after"].flatMap { Int($0) } ?? 0 > 0)
        // The ledger has its refusal; nothing else came of it.
        #expect(journal.appendedCount == 11)
        #expect(try fixture.at(8088).get("/health").status == 200)
        journal.letGo()
        for connection in connections { try expect(connection.readReply(), .held) }
    }

    @Test func `a full queue refuses at once, and the refused one is taken later`() throws {
        let journal = HeldBackJournal()
        let block = try Block(5).replacing(
            "  path: /callback\n",
            with: "  path: /callback\n  max_queued_count: 1\n"
        )
        let fixture = try ServerFixture(block.adding(Completion.controller), journal: journal)
        defer { fixture.stop() }
        let connections = try Self.occupy(fixture, journal)
        let queued = try RawConnection(port: fixture.ports[8090])
        try queued.send(Self.request(#"{"note":"eleven"}"#))
        // The queue has one place; of two more requests one is refused at once.
        let last = try RawConnection(port: fixture.ports[8090])
        try last.send(Self.request(#"{"note":"twelve"}"#))
        let third = try fixture.post("/callback", #"{"note":"thirteen"}"#)
        try expect(third, .refused(503))
        #expect(third.headers["retry-after"] != nil)
        journal.letGo()
        for connection in connections { try expect(connection.readReply(), .held) }
        try expect(fixture.post("/callback", #"{"note":"thirteen"}"#), .held)
    }
}
