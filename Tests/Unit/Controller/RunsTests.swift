import JSONWire
import TestKit
import Testing

@Suite struct RunsTests {
    @Test func `a run is started, waited for and told`() throws {
        let fixture = try ControllerFixture()
        let reply = try fixture.api.post(
            "/workflows/runs",
            json: #"{"workflow_id":"quick","input":{"word":"hi"}}"#
        )
        #expect(reply.status == 200)
        #expect(reply.json["status"] == .string("completed"))
        #expect(reply.json["output"]?["said"] == .string("hi"))
        #expect(reply.json["output"]?["count"] == .integer(3))
    }

    @Test func `an empty body starts the default workflow`() throws {
        let fixture = try ControllerFixture()
        let reply = try fixture.api.send("POST", "/workflows/runs", body: [])
        #expect(reply.json["workflow_id"] == .string("quick"))
        #expect(reply.json["output"]?["said"] == .string("hello"))
    }

    @Test func `output_only gives the output, and refuses without waiting`() throws {
        let fixture = try ControllerFixture()
        let reply = try fixture.api.post("/workflows/runs", json: #"{"output_only":true}"#)
        #expect(reply.text == #"{"said":"hello","count":3,"fixed":1}"#)
        let failed = try fixture.api.post(
            "/workflows/runs",
            json: #"{"workflow_id":"broken","input":{"word":"x"},"output_only":true}"#
        )
        #expect(failed.status == 500)
        #expect(failed.headers["content-type"] == "application/problem+json")
        #expect(failed.json["error"]?["step"] == .string("cast"))
        let refused = try fixture.api.post(
            "/workflows/runs",
            json: #"{"output_only":true,"wait_for_completion":false}"#
        )
        #expect(refused.status == 422)
    }

    @Test func `session and metadata stay with the run`() throws {
        let fixture = try ControllerFixture()
        let id = try fixture.begin(
            "held",
            input: #"{"key":"a"}"#,
            more: #","session_id":"s1","metadata":{"who":["me",null]}"#
        )
        let state = try fixture.state(id)
        #expect(state["session_id"] == .string("s1"))
        #expect(state["metadata"]?.jsonText == #"{"who":["me",null]}"#)
    }

    @Test func `subscribe_task has no effect, and the log says so`() throws {
        let fixture = try ControllerFixture()
        let id = try fixture.begin("quick", more: #","subscribe_task":true"#)
        #expect(
            fixture.lines.all.contains {
                $0.contains("subscribe_task has no effect") && $0.contains(id)
            }
        )
    }

    @Test(arguments: [
        (#"{"workflow_id":"none"}"#, 404, "workflow_unknown"),
        (#"{"workflow_id":7}"#, 422, "input_invalid"),
        (#"{"wait":true}"#, 422, "input_invalid"),
        (#"{"wait_for_completion":"no"}"#, 422, "input_invalid"),
        (#"{"session_id":1}"#, 422, "input_invalid"),
        (#"[1]"#, 422, "input_invalid"),
        (#"{"input":"#, 400, "body_unparseable"),
    ]) func `a request that is wrong starts nothing`(
        _ body: String,
        _ status: Int,
        _ code: String
    ) throws {
        let fixture = try ControllerFixture()
        let reply = try fixture.api.post("/workflows/runs", json: body)
        #expect(reply.status == status)
        #expect(reply.json["code"] == .string(code))
        #expect(try fixture.api.get("/tasks").json["tasks"] == .array([]))
    }

    @Test func `a bound of runs under way is told`() throws {
        let fixture = try ControllerFixture(Workflows.all + "\nexecutor: { max_active_runs: 1 }\n")
        _ = try fixture.begin("held", input: #"{"key":"a"}"#)
        let reply = try fixture.api.post("/workflows/runs", json: "{}")
        #expect(reply.status == 503)
        #expect(reply.json["code"] == .string("too_many_runs"))
        #expect(reply.headers["retry-after"] != nil)
    }

    @Test func `a client that would rather not wait gets the address of the run`() throws {
        let fixture = try ControllerFixture()
        let reply = try fixture.api.post(
            "/workflows/runs",
            json: #"{"workflow_id":"held","input":{"key":"a"}}"#,
            headers: [("Prefer", "respond-async")]
        )
        let id = try #require(reply.json["task_id"]?.string)
        #expect(reply.status == 202)
        #expect(reply.headers["location"] == "/tasks/\(id)")
        #expect(reply.headers["preference-applied"] == "respond-async")
    }

    @Test func `a client that waits a while gets the end or the address`() throws {
        let fixture = try ControllerFixture()
        let soon = try fixture.api.post(
            "/workflows/runs",
            json: "{}",
            headers: [("Prefer", "wait=20")]
        )
        #expect(soon.status == 200)
        #expect(soon.json["status"] == .string("completed"))
        #expect(soon.headers["preference-applied"] == "wait=20")
        let late = try fixture.api.post(
            "/workflows/runs",
            json: #"{"workflow_id":"held","input":{"key":"a"}}"#,
            headers: [("Prefer", "respond-async, wait=0")]
        )
        #expect(late.status == 202)
        #expect(late.json["status"] == .string("waiting"))
        #expect(late.headers["location"] != nil)
    }

    @Test func `an answer that waits comes with the callback`() throws {
        let fixture = try ControllerFixture()
        let connection = try RawConnection(port: fixture.port)
        let body = #"{"workflow_id":"held","input":{"key":"k1"}}"#
        try connection.send(
            "POST /workflows/runs HTTP/1.1\r\nHost: localhost\r\nPrefer: wait=60\r\n"
                + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        )
        try eventually {
            try fixture.api.get("/tasks?status=waiting").json["tasks"]?.elements.count == 1
        }
        try fixture.callBack(key: "k1")
        let reply = try connection.readReply()
        #expect(reply.status == 200)
        #expect(reply.json["output"] == .object(["word": .string("called")]))
    }

    @Test func `a server that goes down starts nothing new`() throws {
        let fixture = try ControllerFixture()
        let connection = try RawConnection(port: fixture.port)
        // A connection that was there before: new ones are not taken any more.
        try connection.send("GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        #expect(try connection.readReply().status == 200)
        fixture.drain()
        try connection.send("GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        do {
            #expect(try connection.readReply().status == 503)
        } catch {
            // An idle connection may be closed before it asks.
        }
    }
}

/// What clients write in `Prefer`.
@Suite struct PreferenceTests {
    @Test(arguments: [
        ("wait=20", "wait=20"), ("WAIT=20", "wait=20"), ("wait=\"20\"", "wait=20"),
        ("return=minimal, wait = 20; x=1", "wait=20"), ("wait=20, wait=1", "wait=20"),
        ("wait=99999999", "wait=3600"), ("wait=x", nil), ("wait=-1", nil), ("wait", nil),
        ("wait=99999999999999999999", nil), ("return=minimal", nil), ("", nil),
    ]) func `a preference is followed as far as it is understood`(
        _ sent: String,
        _ applied: String?
    ) throws {
        let fixture = try ControllerFixture()
        let reply = try fixture.api.post("/workflows/runs", json: "{}", headers: [("Prefer", sent)])
        #expect(reply.status == 200)
        #expect(reply.json["status"] == .string("completed"))
        #expect(reply.headers["preference-applied"] == applied)
    }

    @Test func `a body that says it outright counts more than the preference`() throws {
        let fixture = try ControllerFixture()
        let waits = try fixture.api.post(
            "/workflows/runs",
            json: #"{"wait_for_completion":true}"#,
            headers: [("Prefer", "respond-async")]
        )
        #expect(waits.status == 200)
        #expect(waits.json["status"] == .string("completed"))
        let hurries = try fixture.api.post(
            "/workflows/runs",
            json: #"{"wait_for_completion":false}"#,
            headers: [("Prefer", "wait=20")]
        )
        #expect(hurries.status == 200)
        #expect(hurries.json["status"] == .string("pending"))
    }
}
