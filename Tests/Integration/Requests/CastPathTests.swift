import JSONWire
import TestKit
import Testing

/// Bodies that are JSON under another type, or hold JSON as text, read by their endpoints' expressions over real HTTP.
@Suite struct CastPathTests {
    private static func fixture(_ listener: String) throws -> ServerFixture {
        try ServerFixture(
            Block(
                text: "listener: { port: 8090, path: /a, \(listener) }\n"
                    + Completion.controller
                    + "workflow: { id: wait, jobs: [ { id: w, type: wait, wait_for: \"${input.key}\" } ] }\n"
            )
        )
    }

    private static func send(
        _ body: String,
        as type: String,
        to fixture: ServerFixture
    ) throws -> HTTPReply {
        try fixture.at(8090).send(
            "POST",
            "/a",
            headers: [("Content-Type", type)],
            body: Array(body.utf8)
        )
    }

    @Test(arguments: [
        (
            "text/plain; charset=UTF-8", #"{"task_id":"k1","s":"ok","r":[{"x":5}]}"#,
            "(body as json)"
        ),
        (
            "application/x-www-form-urlencoded",
            "payload=%7B%22task_id%22%3A%22k1%22%2C%22s%22%3A%22ok%22%2C%22r%22%3A%5B%7B%22x%22%3A5%7D%5D%7D",
            "(body.payload as json)"
        ),
        (
            "application/json",
            #"{"Message":"{\"task_id\":\"k1\",\"s\":\"ok\",\"r\":[{\"x\":5}]}"}"#,
            "(body.Message as json)"
        ),
        (
            "application/json",
            #"{"data":"eyJ0YXNrX2lkIjoiazEiLCJzIjoib2siLCJyIjpbeyJ4Ijo1fV19"}"#,
            "(base64_decode(body.data) as json)"
        ),
    ])
    func `key, status and result may lie behind a cast`(
        _ type: String,
        _ body: String,
        _ value: String
    ) throws {
        let fixture = try Self.fixture(
            "identify_by: \"${\(value).task_id}\", status: \"${\(value).s}\", success_when: [ok], "
                + "fail_when: [no], result: \"${\(value).r[0].x}\""
        )
        defer { fixture.stop() }
        let run = try fixture.wait(for: "k1")
        let reply = try Self.send(body, as: type, to: fixture)
        #expect(reply.status == 200, "\(reply.text)")
        #expect(try fixture.output(run) == .integer(5))
    }

    @Test func `items of a bulk request may lie behind a cast`() throws {
        let fixture = try Self.fixture(
            "bulk: true, item: \"${(body as json).records}\", identify_by: \"${lower(item.id)}\""
        )
        defer { fixture.stop() }
        let run = try fixture.wait(for: "k1")
        let reply = try Self.send(
            #"{"records":[{"id":"K1","v":7}]}"#,
            as: "text/plain",
            to: fixture
        )
        #expect(reply.status == 200, "\(reply.text)")
        #expect(try fixture.output(run)["v"] == .integer(7))
    }

    @Test func `what is no JSON is told to the sender, not its content`() throws {
        let fixture = try Self.fixture("identify_by: \"${(body as json).task_id}\"")
        defer { fixture.stop() }
        let reply = try Self.send("s3cret", as: "text/plain", to: fixture)
        #expect(reply.status == 422)
        #expect(try JSONValue.parse(reply.body)["code"] == .string("expression_failed"))
        #expect(!reply.text.contains("s3cret"))
        let missing = try Self.send("{}", as: "text/plain", to: fixture)
        #expect(missing.status == 422)
        #expect(try JSONValue.parse(missing.body)["code"] == .string("key_missing"))
    }
}
