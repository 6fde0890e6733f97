import JSONWire
import Primitives
import TestKit
import Testing

/// What watchers see of an answer that is streamed.
extension EventsTests {
    private static func workflows(_ service: ScriptedService, _ more: String = "") -> String {
        """
        components:
          ask: { type: http-client, endpoint: "\(service.url)/ask", method: GET\(more) }
        workflow: { id: asks, jobs: [ { id: ask, component: ask, output: "${output}" } ] }
        """
    }

    private static func service(
        _ pieces: @escaping @Sendable (_ send: (String) -> Void) -> Void
    ) throws -> ScriptedService {
        try ScriptedService { _ in
            var answer = ScriptedAnswer(status: 200)
            answer.headers = [("Content-Type", "text/event-stream")]
            answer.pieces = pieces
            return answer
        }
    }

    @Test(arguments: [
        (", stream_format: json", #"{"t":"Hel"}"#, #"[{"t":"Hel"},{"t":"lo"}]"#),
        (", stream_format: text", #""{\"t\":\"Hel\"}""#, #""{\"t\":\"Hel\"}{\"t\":\"lo\"}""#),
        (
            "", #"{"id":null,"event":"message","data":"{\"t\":\"Hel\"}"}"#,
            #"[{"id":null,"event":"message","data":"{\"t\":\"Hel\"}"},{"id":null,"event":"message","data":"{\"t\":\"lo\"}"}]"#
        ),
    ])
    func `a streamed answer is seen as it comes, and its result stays whole`(
        format: String,
        chunk: String,
        output: String
    ) throws {
        let isSeen = Watched(false)
        let service = try Self.service { send in
            send("data: {\"t\":")
            send("\"Hel\"}\r\n\r")
            _ = isSeen.wait(until: .standard) { $0 ? true : nil }
            send("\ndata: {\"t\":\"lo\"}\n\n")
        }
        let fixture = try ControllerFixture(Self.workflows(service, format))
        let id = try fixture.begin("asks")
        let watcher = try Watcher(fixture, id)
        try watcher.wait(for: "event: sent")
        // The first piece may have come before the watcher did, so only the second is sure.
        isSeen.withLock { $0 = true }
        try watcher.wait(for: "event: end")
        let events = Event.all(watcher.text)
        #expect(events.last?.data["output"]?.jsonText == output)
        let chunks = events.filter { $0.name == "chunk" }
        #expect(!chunks.isEmpty && chunks.allSatisfy { $0.id == nil })
        if chunks.count == 2 { #expect(chunks[0].data["data"]?.jsonText == chunk) }
        #expect(chunks.last?.data["step"] == .string("ask"))
        #expect(chunks.last?.data["attempt"] == .integer(1))
        #expect(chunks.last?.data["kind"] == .string("chunk"))
    }

    @Test func `a piece is there before the answer has ended`() throws {
        let isSeen = Watched(false)
        let isWatched = Watched(false)
        let service = try Self.service { send in
            _ = isWatched.wait(until: .standard) { $0 ? true : nil }
            send("data: \"first\"\n\n")
            _ = isSeen.wait(until: .standard) { $0 ? true : nil }
            send("data: \"last\"\n\n")
        }
        let fixture = try ControllerFixture(Self.workflows(service, ", stream_format: json"))
        let id = try fixture.begin("asks")
        let watcher = try Watcher(fixture, id)
        try watcher.wait(for: "event: sent")
        isWatched.withLock { $0 = true }
        try watcher.wait(for: #""data":"first""#)
        #expect(!watcher.text.contains("last"))
        isSeen.withLock { $0 = true }
        try watcher.wait(for: "event: end")
        #expect(watcher.text.contains(#""data":"last""#))
        // Chunks are no history.
        #expect(!(try fixture.api.get("/tasks/\(id)/events").text.contains("event: chunk")))
    }

    @Test func `a secret in a streamed answer is hidden from watchers`() throws {
        let isWatched = Watched(false)
        let service = try Self.service { send in
            _ = isWatched.wait(until: .standard) { $0 ? true : nil }
            send("data: the key is s3cret-key\n\n")
        }
        let secret = "secrets: { key: { env: KEY } }\n"
        let fixture = try ControllerFixture(
            environment: ["KEY": "s3cret-key"],
            secret + Self.workflows(service, ", headers: { Key: \"${secret.key}\" }")
        )
        let id = try fixture.begin("asks")
        let watcher = try Watcher(fixture, id)
        try watcher.wait(for: "event: sent")
        isWatched.withLock { $0 = true }
        try watcher.wait(for: "event: chunk")
        try watcher.wait(for: "event: step_completed")
        let chunk = Event.all(watcher.text).first { $0.name == "chunk" }
        #expect(chunk?.data.jsonText.contains("s3cret-key") == false)
    }

    @Test func `a watcher that reads too slowly loses chunks and is told how many`() throws {
        let isWatched = Watched(false)
        let count = 14_000
        let line = "data: \"\(String(repeating: "x", count: 1000))\"\n\n"
        let service = try Self.service { send in
            _ = isWatched.wait(until: .standard) { $0 ? true : nil }
            for _ in 0..<(count / 100) { send(String(repeating: line, count: 100)) }
        }
        let fixture = try ControllerFixture(
            Self.workflows(service, ", stream_format: text, output: done")
        )
        let id = try fixture.begin("asks")
        let watcher = try Watcher(fixture, id)
        try watcher.wait(for: "event: sent")
        isWatched.withLock { $0 = true }
        try fixture.wait(for: "completed", of: id)
        try watcher.wait(for: "event: end")
        let events = Event.all(watcher.text)
        let lost = events.filter { $0.name == "chunks_lost" }.compactMap { event -> Int? in
            if case .integer(let lost)? = event.data["lost"] { Int(lost) } else { nil }
        }
        #expect(!lost.isEmpty)
        #expect(events.count { $0.name == "chunk" } + lost.reduce(0, +) == count)
    }
}
