import Primitives
import TestKit
import Testing

/// Long pipelines to a whole server with a store: each answer comes after its commit, so always later than its request.
@Suite struct DurablePipelineTests {
    /// A request, and what the status and the text of its answer must be.
    private struct Sent {
        let text: String
        let status: Int
        let holds: String
    }

    /// The request with a number: what it gets follows from the number alone, in no pattern that repeats soon.
    private static func request(_ number: Int, round: String, size: Int) -> Sent {
        func message(
            _ target: String,
            _ json: String,
            _ type: String = "application/json"
        ) -> String {
            let body = json + String(repeating: " ", count: max(0, size - json.utf8.count))
            return "POST \(target) HTTP/1.1\r\nHost: x\r\nContent-Type: \(type)\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
        }
        let path = "/webhook/completed"
        switch (number &* 2_654_435_761 >> 9) % 6 {
        case 0:
            let text = message("/nowhere/\(number)", "{}")
            return Sent(text: text, status: 404, holds: "not_found")
        case 1: return Sent(text: message(path, "{}"), status: 422, holds: "key_missing")
        case 2: return Sent(text: message(path, "{\"n\":\(number)"), status: 400, holds: "body")
        case 3:
            let json = #"{"task_id":"\#(round)-\#(number)","result":1}"#
            let body =
                "Transfer-Encoding: chunked\r\n\r\n\(String(json.utf8.count, radix: 16))\r\n\(json)"
                + "\r\n0\r\n\r\n"
            let head = "POST \(path) HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            return Sent(text: head + body, status: 202, holds: "held")
        default:
            let json = #"{"task_id":"\#(round)-\#(number)","result":1}"#
            return Sent(text: message(path, json), status: 202, holds: "held")
        }
    }

    @Test(arguments: [256, 400])
    func `every request of a long pipeline gets its own answer, also with FIN right behind it`(
        _ size: Int
    ) throws {
        let directory = try TemporaryDirectory()
        let fixture = try ServerFixture(DurableBlocks.block(directory), isDurable: true)
        defer { fixture.stop() }
        for round in 0..<6 {
            // Three pipelines at once, so that answers of one come while another is read.
            let pipelines = (0..<3).map { lane in
                (0..<700).map { Self.request($0, round: "\(round)-\(lane)", size: size - 100) }
            }
            let connections = try pipelines.map { _ in
                try RawConnection(port: fixture.ports[8090])
            }
            for (connection, pipeline) in zip(connections, pipelines) {
                try connection.send(pipeline.map(\.text).joined(), deadline: .seconds(60))
                if round % 2 == 1 { try connection.finishSending() }
            }
            for (connection, pipeline) in zip(connections, pipelines) {
                for (number, sent) in pipeline.enumerated() {
                    let reply = try connection.readReply(deadline: .seconds(60))
                    try #require(reply.status == sent.status, "answer \(number): \(reply.text)")
                    try #require(reply.text.contains(sent.holds), "answer \(number)")
                }
                if round % 2 == 1 { #expect(try connection.isClosedByPeer()) }
            }
        }
    }
}
