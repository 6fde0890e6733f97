import JSONWire
import TestKit
import Testing

@Suite struct TriggerWaitTests {
    /// Two listeners: one for triggers on the second port, with a single place; and the callbacks of `held`.
    private static func configuration(callbackPort: Int, more: String = "") -> String {
        """
        listeners:
          - type: http-callback
            port: \(callbackPort)
            path: /done
            identify_by: ${body.id}
          - type: http-trigger
            port: LISTENER
            \(more)
            triggers:
              - { path: /quick, workflow: quick, input: "${body}" }
              - { path: /held, workflow: held, input: "${body}" }
              - { path: /many, workflow: quick, bulk: true, item: "${body}" }
        components:
          - { id: say, type: logger, message: "${input.word}", output: "${input}" }
        workflows:
          - id: quick
            jobs: [ { id: say, component: say, input: "${input}" } ]
          - id: held
            jobs: [ { id: hold, type: wait, wait_for: "${input.key}", timeout: 60s } ]
            output: { word: "${output.word}" }
        """
    }

    private static func fixture(callbackPort: Int, more: String = "") throws -> ControllerFixture {
        try ControllerFixture(configuration(callbackPort: callbackPort, more: more))
    }

    @Test func `a trigger answers at once unless it is asked to wait`() throws {
        let fixture = try Self.fixture(callbackPort: FreePorts.next())
        let reply = try HTTPProbe(port: fixture.listenerPort).post("/quick", json: #"{"word":"a"}"#)
        #expect(reply.status == 200)
        #expect(reply.json["status"] == .string("triggered"))
        #expect(reply.headers["preference-applied"] == nil)
    }

    @Test func `the state of a run that ends in time is the answer`() throws {
        let fixture = try Self.fixture(callbackPort: FreePorts.next())
        let reply = try HTTPProbe(port: fixture.listenerPort)
            .post("/quick", json: #"{"word":"a"}"#, headers: [("Prefer", "wait=20")])
        #expect(reply.status == 200)
        #expect(reply.json["status"] == .string("completed"))
        #expect(reply.json["output"]?["word"] == .string("a"))
        #expect(reply.headers["preference-applied"] == "wait=20")
    }

    @Test func `the address of a run that does not is the answer`() throws {
        let fixture = try Self.fixture(callbackPort: FreePorts.next())
        for preference in ["wait=0", "respond-async"] {
            let reply = try HTTPProbe(port: fixture.listenerPort)
                .post(
                    "/held",
                    json: #"{"key":"\#(preference)"}"#,
                    headers: [("Prefer", preference)]
                )
            let id = try #require(reply.json["task_id"]?.string)
            #expect(reply.status == 202)
            #expect(reply.json["status"] == .string("triggered"))
            #expect(reply.headers["location"] == "http://127.0.0.1:\(fixture.port)/tasks/\(id)")
            #expect(reply.headers["preference-applied"] == preference)
            #expect(try fixture.state(id)["workflow_id"] == .string("held"))
        }
    }

    @Test func `an answer that waits holds no place`() throws {
        let callbackPort = FreePorts.next()
        let fixture = try Self.fixture(
            callbackPort: callbackPort,
            more: "max_concurrent_count: 1\n    max_queued_count: 0"
        )
        let waiting = try RawConnection(port: fixture.listenerPort)
        let body = #"{"key":"k"}"#
        try waiting.send(
            "POST /held HTTP/1.1\r\nHost: localhost\r\nPrefer: wait=60\r\n"
                + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        )
        try eventually {
            try fixture.api.get("/tasks?status=waiting").json["tasks"]?.elements.count == 1
        }
        // The only place is free again.
        let other = try HTTPProbe(port: fixture.listenerPort).post("/quick", json: "{}")
        #expect(other.status == 200)
        let called = try HTTPProbe(port: callbackPort).post(
            "/done",
            json: #"{"id":"k","word":"w"}"#
        )
        #expect(called.status == 200)
        let reply = try waiting.readReply()
        #expect(reply.status == 200)
        #expect(reply.json["output"]?["word"] == .string("w"))
    }

    @Test func `a bulk request does not wait`() throws {
        let fixture = try Self.fixture(callbackPort: FreePorts.next())
        let reply = try HTTPProbe(port: fixture.listenerPort)
            .post("/many", json: #"[{"word":"a"},{"word":"b"}]"#, headers: [("Prefer", "wait=20")])
        #expect(reply.status == 200)
        #expect(reply.json["tasks"]?.elements.count == 2)
        #expect(reply.headers["preference-applied"] == nil)
    }
}
