import JSONWire
import Journal
import TestKit
import Testing

/// Triggers that an endpoint tells to be the same (`deduplicate_by`), over real HTTP.
@Suite struct DeduplicationTests {
    static func fixture(
        _ more: String,
        top: String = "",
        journal: (any Journal)? = nil
    ) throws -> ServerFixture {
        try ServerFixture(
            Block(
                text: "listener: { type: http-trigger, port: 8091, path: /start, workflow: note, "
                    + "\(more) }\n\(top)"
            ).adding(Completion.controller, Completion.recorder("note", "other")),
            journal: journal
        )
    }

    static func message(_ body: String, _ headers: [String] = []) -> String {
        let lines = ["Content-Type: application/json", "Content-Length: \(body.utf8.count)"]
        return "POST /start HTTP/1.1\r\nHost: localhost\r\n"
            + (lines + headers).joined(separator: "\r\n") + "\r\n\r\n\(body)"
    }

    /// Sends a message on many connections, the last byte of each at one moment.
    static func atOnce(
        _ message: String,
        _ count: Int,
        to fixture: ServerFixture
    ) throws -> [HTTPReply] {
        let bytes = Array(message.utf8)
        let connections = try (0..<count).map { _ in
            let connection = try RawConnection(port: fixture.ports[8091])
            try connection.send(Array(bytes.dropLast()))
            return connection
        }
        for connection in connections { try connection.send([bytes[bytes.count - 1]]) }
        return try connections.map { try $0.readReply() }
    }

    /// The run and whether it was started before, of an answer to a trigger.
    static func told(_ reply: HTTPReply) throws -> (run: String, isDuplicate: Bool) {
        let run = try triggered(reply)
        return (run, try JSONValue.parse(reply.body)["duplicate"] == .bool(true))
    }

    private static func items(_ ids: String...) -> String {
        let items = ids.map { $0.isEmpty ? "{}" : #"{"id":"\#($0)"}"# }
        return "[\(items.joined(separator: ","))]"
    }

    private static func tasks(_ reply: HTTPReply) throws -> [(run: String, isDuplicate: Bool)] {
        #expect(reply.status == 200, "\(reply.text)")
        let body = try JSONValue.parse(reply.body)
        #expect(body["status"] == .string("triggered"))
        guard case .array(let tasks)? = body["tasks"] else { return [] }
        return try tasks.map { task in
            (try #require(task["task_id"]?.string), task["duplicate"] == .bool(true))
        }
    }

    @Test func `the same delivery on many connections at one moment starts one run`() throws {
        let fixture = try Self.fixture(#"deduplicate_by: "${body.id}""#)
        defer { fixture.stop() }
        for round in 0..<5 {
            let replies = try Self.atOnce(
                Self.message(#"{"id":\#(round)}"#),
                20,
                to: fixture
            )
            let told = try replies.map(Self.told)
            #expect(Set(told.map(\.run)).count == 1)
            #expect(told.count { !$0.isDuplicate } == 1)
            _ = try fixture.output(told[0].run)
        }
        #expect(fixture.service.requests(matching: "POST /record").count == 5)
    }

    @Test func `while the first is not stored the second waits, and both are told the same`()
        throws
    {
        let journal = HeldBackJournal()
        let fixture = try Self.fixture(#"deduplicate_by: "${body.id}""#, journal: journal)
        defer { fixture.stop() }
        let connections = try (0..<2).map { _ in try RawConnection(port: fixture.ports[8091]) }
        try connections[0].send(Self.message(#"{"id":"a"}"#))
        try journal.waitForRecords(2)
        try connections[1].send(Self.message(#"{"id":"a","attempt":2}"#))
        try journal.waitForRecords(3)
        for connection in connections {
            #expect(throws: KitError.self) {
                try connection.readReply(deadline: .milliseconds(100))
            }
        }
        journal.letGo()
        let told = try connections.map { try Self.told($0.readReply()) }
        #expect(told[0].run == told[1].run)
        #expect(told.map(\.isDuplicate) == [false, true])
    }

    @Test func `a start that could not be stored is released, and who waited is told so`() throws {
        let journal = HeldBackJournal()
        let fixture = try Self.fixture(#"deduplicate_by: "${body.id}""#, journal: journal)
        defer { fixture.stop() }
        let connections = try (0..<2).map { _ in try RawConnection(port: fixture.ports[8091]) }
        for (count, connection) in connections.enumerated() {
            try connection.send(Self.message(#"{"id":"a"}"#))
            try journal.waitForRecords(2 + count)
        }
        journal.giveUp()
        for connection in connections {
            let reply = try connection.readReply()
            try expect(reply, .refused(503))
            #expect(reply.headers["retry-after"] != nil)
        }
        journal.letGo()
        let again = try Self.told(fixture.post("/start", #"{"id":"a"}"#, on: 8091))
        #expect(!again.isDuplicate)
        _ = try fixture.output(again.run)
        #expect(fixture.service.requests(matching: "POST /record").count == 1)
    }

    @Test func `the value alone counts, by its text; without one the bytes do`() throws {
        let fixture = try Self.fixture(#"deduplicate_by: "${body.id}""#)
        defer { fixture.stop() }
        func send(_ body: String, _ query: String = "") throws -> (run: String, isDuplicate: Bool) {
            try Self.told(fixture.post("/start\(query)", body, on: 8091))
        }
        let first = try send(#"{"id":7,"n":1}"#)
        #expect(!first.isDuplicate)
        #expect(try send(#"{"n":2,"id":"7"}"#) == (first.run, true))
        #expect(try !send(#"{"id":8}"#).isDuplicate)
        for missing in [#"{"id":null}"#, #"{"id":""}"#, "{}"] {
            let one = try send(missing)
            #expect(!one.isDuplicate, "\(missing)")
            #expect(try send(missing) == (one.run, true))
            #expect(try !send(missing, "?page=2").isDuplicate)
        }
    }

    @Test func `two endpoints never meet`() throws {
        let fixture = try ServerFixture(
            Block(
                text: #"""
                    listener:
                      type: http-trigger
                      port: 8091
                      triggers:
                        - { path: /a, workflow: note, deduplicate_by: "${body.id}" }
                        - { path: /b, workflow: note, deduplicate_by: "${body.id}" }
                        - { path: /c, workflow: note }

                    """#
            ).adding(Completion.controller, Completion.recorder("note"))
        )
        defer { fixture.stop() }
        for path in ["/a", "/b", "/c", "/c"] {
            let told = try Self.told(fixture.post(path, #"{"id":1}"#, on: 8091))
            #expect(!told.isDuplicate)
        }
        #expect(try Self.told(fixture.post("/b", #"{"id":1}"#, on: 8091)).isDuplicate)
    }

    @Test func `a refused start is released: the retry works`() throws {
        let fixture = try ServerFixture(
            Block(
                text: #"""
                    listener: { type: http-trigger, port: 8091, path: /start,
                                workflow: "${body.w | note}", deduplicate_by: "${body.id}" }

                    """#
            ).adding(Completion.controller, Completion.recorder("note"))
        )
        defer { fixture.stop() }
        try expect(fixture.post("/start", #"{"id":1,"w":"none"}"#, on: 8091), .refused(422))
        let retry = try Self.told(fixture.post("/start", #"{"id":1}"#, on: 8091))
        #expect(!retry.isDuplicate)
        #expect(
            try Self.told(fixture.post("/start", #"{"id":1,"w":"none"}"#, on: 8091)).isDuplicate
        )
    }

    @Test func `when the window is over it is a new request`() throws {
        let fixture = try Self.fixture(#"deduplicate_by: "${body.id}", deduplicate_for: 300ms"#)
        defer { fixture.stop() }
        let first = try Self.told(fixture.post("/start", #"{"id":1}"#, on: 8091))
        #expect(try Self.told(fixture.post("/start", #"{"id":1}"#, on: 8091)) == (first.run, true))
        try eventually("the window to end") {
            try Self.told(fixture.post("/start", #"{"id":1}"#, on: 8091)).run != first.run
        }
    }

    @Test func `items of a bulk request are told one by one`() throws {
        let fixture = try Self.fixture(#"bulk: true, deduplicate_by: "${item.id}""#)
        defer { fixture.stop() }
        let first = try Self.tasks(fixture.post("/start", Self.items("a", "b", "a", ""), on: 8091))
        #expect(first.map(\.isDuplicate) == [false, false, true, false])
        #expect(first[2].run == first[0].run)
        let second = try Self.tasks(fixture.post("/start", Self.items("", "b", "c"), on: 8091))
        #expect(second.map(\.isDuplicate) == [true, true, false])
        #expect(second.map(\.run).prefix(2) == [first[3].run, first[1].run])
        let third = try Self.tasks(fixture.post("/start", Self.items("c", "a"), on: 8091))
        #expect(third.map(\.isDuplicate) == [true, true])
        for task in first + second { _ = try fixture.output(task.run) }
        #expect(fixture.service.requests(matching: "POST /record").count == 4)
    }

    @Test func `bulk requests that share items at one moment start each item once`() throws {
        let fixture = try Self.fixture(#"bulk: true, deduplicate_by: "${item.id}""#)
        defer { fixture.stop() }
        let body = "[\((0..<200).map { #"{"id":\#($0)}"# }.joined(separator: ","))]"
        let replies = try Self.atOnce(Self.message(body), 8, to: fixture)
        let answers = try replies.map(Self.tasks)
        #expect(Set(answers.map { $0.map(\.run) }).count == 1)
        #expect(answers.joined().count { !$0.isDuplicate } == 200)
        for task in answers[0] { _ = try fixture.output(task.run) }
        #expect(fixture.service.requests(matching: "POST /record").count == 200)
    }

    @Test func `a bulk request waits for the items that another one is starting`() throws {
        let journal = HeldBackJournal()
        let fixture = try Self.fixture(
            #"bulk: true, deduplicate_by: "${item.id}""#,
            journal: journal
        )
        defer { fixture.stop() }
        let connections = try (0..<2).map { _ in try RawConnection(port: fixture.ports[8091]) }
        try connections[0].send(Self.message(Self.items("a", "b")))
        try journal.waitForRecords(2)
        try connections[1].send(Self.message(Self.items("b", "c", "a")))
        try journal.waitForRecords(4)
        journal.letGo()
        let answers = try connections.map { try Self.tasks($0.readReply()) }
        #expect(answers[0].map(\.isDuplicate) == [false, false])
        #expect(answers[1].map(\.isDuplicate) == [true, false, true])
        #expect(answers[1][0].run == answers[0][1].run)
        #expect(answers[1][2].run == answers[0][0].run)
    }

    @Test func `of the items that are new all are started or none`() throws {
        let fixture = try ServerFixture(
            Block(
                text: #"""
                    listener: { type: http-trigger, port: 8091, path: /start, bulk: true,
                                workflow: "${item.w | note}", deduplicate_by: "${item.id}" }

                    """#
            ).adding(Completion.controller, Completion.recorder("note"))
        )
        defer { fixture.stop() }
        _ = try Self.tasks(fixture.post("/start", Self.items("a"), on: 8091))
        let bad = #"[{"id":"a"},{"id":"b"},{"id":"c","w":"none"}]"#
        try expect(fixture.post("/start", bad, on: 8091), .refused(422))
        let mended = try Self.tasks(fixture.post("/start", Self.items("a", "b", "c"), on: 8091))
        #expect(mended.map(\.isDuplicate) == [true, false, false])
    }

    @Test func `with Prefer the repeated request waits for the same run`() throws {
        let fixture = try Self.fixture(#"deduplicate_by: "${body.id}""#)
        defer { fixture.stop() }
        let prefer = [("Prefer", "wait=20")]
        let first = try fixture.post("/start", #"{"id":1}"#, on: 8091, headers: prefer)
        let second = try fixture.post("/start", #"{"id":1}"#, on: 8091, headers: prefer)
        #expect(second.status == 200)
        let (one, two) = (try JSONValue.parse(first.body), try JSONValue.parse(second.body))
        #expect(one["status"] == .string("completed"))
        #expect(one["duplicate"] == nil)
        #expect(two["status"] == .string("completed"))
        #expect(two["task_id"] == one["task_id"])
        #expect(two["duplicate"] == .bool(true))
    }

    @Test func `a large body is told on a worker just so`() throws {
        let fixture = try Self.fixture(#"deduplicate_by: "${body.id}", max_body_size: 4MiB"#)
        defer { fixture.stop() }
        let filler = String(repeating: "x", count: 400_000)
        let body = #"{"id":"large","filler":"\#(filler)"}"#
        let told = try Self.atOnce(Self.message(body), 6, to: fixture).map(Self.told)
        #expect(Set(told.map(\.run)).count == 1)
        #expect(told.count { !$0.isDuplicate } == 1)
    }
}
