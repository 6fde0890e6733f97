import JSONWire
import TestKit
import Testing

@Suite struct ResumeTests {
    private static func asking(
        _ fixture: ControllerFixture,
        _ workflow: String = "asking"
    ) throws -> String {
        let id = try fixture.begin(workflow, input: #"{"word":"hi"}"#)
        try fixture.wait(for: "interrupted", of: id)
        return id
    }

    @Test func `a question is told with the run`() throws {
        let fixture = try ControllerFixture()
        let state = try fixture.state(try Self.asking(fixture))
        #expect(state["interrupt"]?["interrupt_id"] == .string("ask.before"))
        #expect(state["interrupt"]?["job_id"] == .string("ask"))
        #expect(state["interrupt"]?["message"] == .string("Send hi?"))
        #expect(state["interrupts"]?.elements.count == 1)
    }

    @Test func `a job is answered by its name`() throws {
        let fixture = try ControllerFixture()
        let id = try Self.asking(fixture)
        let reply = try fixture.api.post(
            "/tasks/\(id)/resume",
            json: #"{"job_id":"ask","run_id":"x","answer":{"word":"better"}}"#
        )
        #expect(reply.status == 200)
        #expect(reply.json["status"] != .string("interrupted"))
        try fixture.wait(for: "completed", of: id)
        #expect(try fixture.state(id)["output"]?["word"] == .string("better"))
    }

    @Test func `a job goes on without an answer`() throws {
        let fixture = try ControllerFixture()
        let id = try Self.asking(fixture)
        #expect(
            try fixture.api.post("/tasks/\(id)/resume", json: #"{"job_id":"ask"}"#).status == 200
        )
        try fixture.wait(for: "completed", of: id)
        #expect(try fixture.state(id)["output"]?["word"] == .string("hi"))
    }

    @Test func `several questions are answered by their ids`() throws {
        let fixture = try ControllerFixture()
        let id = try Self.asking(fixture, "asking-twice")
        let reply = try fixture.api.post(
            "/tasks/\(id)/resume",
            json: #"{"answer":{"one.before":null,"two.before":{"word":"2"}}}"#
        )
        #expect(reply.status == 200)
        try fixture.wait(for: "completed", of: id)
    }

    @Test func `nothing is answered where one of the ids is not asked`() throws {
        let fixture = try ControllerFixture()
        let id = try Self.asking(fixture, "asking-twice")
        let reply = try fixture.api.post(
            "/tasks/\(id)/resume",
            json: #"{"answer":{"one.before":1,"three.before":2}}"#
        )
        #expect(reply.status == 409)
        #expect(reply.json["code"] == .string("not_interrupted"))
        #expect(try fixture.state(id)["interrupts"]?.elements.count == 2)
    }

    @Test(arguments: [
        (#"{"job_id":"other"}"#, 409), (#"{"answer":1}"#, 422), (#"{}"#, 422),
        (#"{"answer":{}}"#, 422), (#"{"job":"ask"}"#, 422), (#"{"job_id":1}"#, 422), ("[]", 422),
        ("{", 400),
    ]) func `an answer that is wrong changes nothing`(_ body: String, _ status: Int) throws {
        let fixture = try ControllerFixture()
        let id = try Self.asking(fixture)
        #expect(try fixture.api.post("/tasks/\(id)/resume", json: body).status == status)
        #expect(try fixture.state(id)["status"] == .string("interrupted"))
    }

    @Test func `a run that asks nothing, or is over, is not resumed`() throws {
        let fixture = try ControllerFixture()
        let held = try fixture.begin("held", input: #"{"key":"a"}"#)
        try fixture.wait(for: "waiting", of: held)
        let waiting = try fixture.api.post("/tasks/\(held)/resume", json: #"{"job_id":"hold"}"#)
        #expect(waiting.json["code"] == .string("not_interrupted"))
        let quick = try fixture.begin("quick")
        try fixture.wait(for: "completed", of: quick)
        let over = try fixture.api.post("/tasks/\(quick)/resume", json: #"{"job_id":"say"}"#)
        #expect(over.status == 409)
        #expect(over.json["code"] == .string("task_finished"))
    }
}
