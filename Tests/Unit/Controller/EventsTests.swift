import JSONWire
import Primitives
import TestKit
import Testing

@Suite struct EventsTests {
    /// One server-sent event.
    struct Event {
        var id: Int?
        var name = ""
        var data: JSONValue = .null

        /// The events of a stream's text; comments are left out.
        static func all(_ text: String) -> [Event] {
            // The frames of the chunked body stand between the events, and hide nothing once they are lines.
            text.replacing("\r\n", with: "\n").split(separator: "\n\n").compactMap { block in
                var event = Event()
                for line in block.split(separator: "\n") {
                    let parts = line.split(separator: ":", maxSplits: 1)
                    let value = parts.count > 1 ? String(parts[1].dropFirst()) : ""
                    switch parts.first {
                    case "id": event.id = Int(value)
                    case "event": event.name = value
                    case "data": event.data = HTTPReply.value(value)
                    default: break
                    }
                }
                return event.name.isEmpty ? nil : event
            }
        }
    }

    /// A connection that has asked for a run's events, and what of them has come.
    final class Watcher {
        private let connection: RawConnection
        private(set) var text = ""

        init(_ fixture: ControllerFixture, _ id: String) throws {
            connection = try RawConnection(port: fixture.port)
            try connection.send("GET /tasks/\(id)/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        }

        func wait(for part: String) throws {
            let deadline = Deadline.standard
            var isThere = text.contains(part)
            while !isThere {
                let bytes = try connection.readSome(deadline: deadline)
                // Megabytes may have come before: only what is new, and the end before it, can have the part.
                let fresh = text.suffix(part.count) + String(decoding: bytes, as: UTF8.self)
                isThere = fresh.contains(part)
                text += String(decoding: bytes, as: UTF8.self)
            }
        }

        func leave() {
            connection.close()
        }
    }

    @Test func `the events of a run that is over are replayed and end`() throws {
        let fixture = try ControllerFixture()
        let id = try fixture.begin("quick")
        try fixture.wait(for: "completed", of: id)
        let reply = try fixture.api.get("/tasks/\(id)/events")
        #expect(reply.status == 200)
        #expect(reply.headers["content-type"] == "text/event-stream")
        #expect(reply.headers["cache-control"] == "no-store")
        let events = Event.all(reply.text)
        #expect(
            events.map(\.name) == [
                "run_started", "step_started", "step_completed", "run_completed", "end",
            ]
        )
        #expect(events.map(\.id) == [1, 2, 3, 4, 5])
        #expect(events[1].data["step"] == .string("say"))
        #expect(events[1].data["attempt"] == .integer(1))
        #expect(events[4].data["output"]?["said"] == .string("hello"))
    }

    @Test func `events come as they happen`() throws {
        let fixture = try ControllerFixture()
        let id = try fixture.begin("held", input: #"{"key":"k2"}"#)
        let watcher = try Watcher(fixture, id)
        try watcher.wait(for: "event: waiting")
        #expect(!watcher.text.contains("event: end"))
        try fixture.callBack(key: "k2")
        try watcher.wait(for: "event: end")
        #expect(watcher.text.contains("event: resumed"))
        #expect(watcher.text.contains(#""key":"k2""#))
    }

    @Test func `a client goes on where it was`() throws {
        let fixture = try ControllerFixture()
        let id = try fixture.begin("quick")
        try fixture.wait(for: "completed", of: id)
        func after(_ number: String) throws -> HTTPReply {
            try fixture.api.get("/tasks/\(id)/events", headers: [("Last-Event-ID", number)])
        }
        #expect(Event.all(try after("2").text).map(\.id) == [3, 4, 5])
        #expect(Event.all(try after("4").text).map(\.name) == ["end"])
        #expect(try after("5").status == 204)
        #expect(try after("x").status == 422)
        #expect(try after("-1").status == 422)
    }

    @Test func `as much history is kept as configured, and a gap is told`() throws {
        let fixture = try ControllerFixture(Workflows.all + "\nexecutor: { history_per_run: 2 }\n")
        let id = try fixture.begin("quick")
        try fixture.wait(for: "completed", of: id)
        let state = try fixture.api.get("/tasks/\(id)?history=true").json
        #expect(state["history"]?.elements.map { $0["number"] } == [.integer(3), .integer(4)])
        #expect(state["history_lost"] == .integer(2))
        let events = Event.all(try fixture.api.get("/tasks/\(id)/events").text)
        #expect(events.map(\.name) == ["gap", "step_completed", "run_completed", "end"])
        #expect(events[0].data["lost"] == .integer(2))
    }

    @Test func `without history a watcher is told what happens while it watches`() throws {
        let fixture = try ControllerFixture(Workflows.all + "\nexecutor: { history_per_run: 0 }\n")
        let id = try fixture.begin("held", input: #"{"key":"k3"}"#)
        try fixture.wait(for: "waiting", of: id)
        let watcher = try Watcher(fixture, id)
        try watcher.wait(for: "event: gap")
        try fixture.callBack(key: "k3")
        try watcher.wait(for: "event: end")
        #expect(watcher.text.contains("event: resumed"))
        #expect(try fixture.api.get("/tasks/\(id)").json["history"] == nil)
    }

    @Test func `the history comes with the state where it is asked for`() throws {
        let fixture = try ControllerFixture()
        let id = try fixture.begin("broken", input: #"{"word":"x"}"#)
        try fixture.wait(for: "failed", of: id)
        let state = try fixture.api.get("/tasks/\(id)?history=true").json
        let entries = state["history"]?.elements ?? []
        #expect(state["status"] == .string("failed"))
        #expect(entries.last?["kind"] == .string("run_failed"))
        #expect(entries.last?["error"]?["code"] == state["error"]?["code"])
        #expect(entries.allSatisfy { $0["time"]?.string?.hasSuffix("Z") == true })
        #expect(state["history_lost"] == nil)
    }

    @Test func `the streams end when the server goes down`() throws {
        let fixture = try ControllerFixture()
        let id = try fixture.begin("held", input: #"{"key":"k5"}"#)
        let watcher = try Watcher(fixture, id)
        try watcher.wait(for: "event: waiting")
        fixture.drain()
        try watcher.wait(for: "\r\n0\r\n\r\n")
        #expect(!watcher.text.contains("event: end"))
    }

    @Test func `a HEAD request is answered at once`() throws {
        let fixture = try ControllerFixture()
        let id = try fixture.begin("held", input: #"{"key":"k6"}"#)
        let reply = try fixture.api.send("HEAD", "/tasks/\(id)/events")
        #expect(reply.status == 200)
        #expect(reply.headers["content-type"] == "text/event-stream")
        // The length of a stream is nothing that is known (RFC 9110, 8.6).
        #expect(reply.headers["content-length"] == nil)
        #expect(reply.headers["cache-control"] == "no-store")
    }

    @Test func `a watcher that sends no more keeps its stream`() throws {
        let fixture = try ControllerFixture()
        let id = try fixture.begin("held", input: #"{"key":"k7"}"#)
        let connection = try RawConnection(port: fixture.port)
        try connection.send("GET /tasks/\(id)/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        try connection.finishSending()
        var text = ""
        while !text.contains("event: waiting") {
            let some = try connection.readSome()
            try #require(!some.isEmpty, "\(text)")
            text += String(decoding: some, as: UTF8.self)
        }
        _ = try fixture.api.post("/tasks/\(id)/cancel", json: "")
        while !text.contains("event: end") {
            let some = try connection.readSome()
            try #require(!some.isEmpty, "\(text)")
            text += String(decoding: some, as: UTF8.self)
        }
        #expect(try connection.isClosedByPeer() || text.contains("\r\n0\r\n\r\n"))
    }

    @Test func `as many watch as may, and one that leaves makes room`() throws {
        let fixture = try ControllerFixture(controller: "  max_watchers: 1\n")
        let id = try fixture.begin("held", input: #"{"key":"k4"}"#)
        let first = try Watcher(fixture, id)
        try first.wait(for: "event: waiting")
        let refused = try fixture.api.get("/tasks/\(id)/events")
        #expect(refused.status == 503)
        #expect(refused.json["code"] == .string("overloaded"))
        first.leave()
        // The stream would not end by itself: a second watcher on a run that is over tells whether there is room.
        let over = try fixture.begin("quick")
        try fixture.wait(for: "completed", of: over)
        try eventually("waiting for the place of the one that left") {
            try fixture.api.get("/tasks/\(over)/events").status == 200
        }
    }
}

extension HTTPReply {
    /// A text as JSON; null where it is none.
    static func value(_ text: String) -> JSONValue {
        do {
            return try JSONValue.parse(text)
        } catch {
            return .null
        }
    }
}
