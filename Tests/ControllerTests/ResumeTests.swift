import JSONWire
import TestKit
import Testing

@Suite struct ResumeTests {
    private static func asking(_ rig: Rig, _ workflow: String = "asking") throws -> String {
        let id = try rig.begin(workflow, input: #"{"word":"hi"}"#)
        try rig.wait(for: "interrupted", of: id)
        return id
    }

    @Test func `a question is told with the run`() throws {
        let rig = try Rig()
        let state = try rig.state(try Self.asking(rig))
        #expect(state["interrupt"]?["interrupt_id"] == .string("ask.before"))
        #expect(state["interrupt"]?["job_id"] == .string("ask"))
        #expect(state["interrupt"]?["message"] == .string("Send hi?"))
        #expect(state["interrupts"]?.elements.count == 1)
    }

    @Test func `a job is answered by its name`() throws {
        let rig = try Rig()
        let id = try Self.asking(rig)
        let reply = try rig.api.post(
            "/tasks/\(id)/resume",
            json: #"{"job_id":"ask","run_id":"x","answer":{"word":"better"}}"#
        )
        #expect(reply.status == 200)
        #expect(reply.json["status"] != .string("interrupted"))
        try rig.wait(for: "completed", of: id)
        #expect(try rig.state(id)["output"]?["word"] == .string("better"))
    }

    @Test func `a job goes on without an answer`() throws {
        let rig = try Rig()
        let id = try Self.asking(rig)
        #expect(try rig.api.post("/tasks/\(id)/resume", json: #"{"job_id":"ask"}"#).status == 200)
        try rig.wait(for: "completed", of: id)
        #expect(try rig.state(id)["output"]?["word"] == .string("hi"))
    }

    @Test func `several questions are answered by their ids`() throws {
        let rig = try Rig()
        let id = try Self.asking(rig, "asking-twice")
        let reply = try rig.api.post(
            "/tasks/\(id)/resume",
            json: #"{"answer":{"one.before":null,"two.before":{"word":"2"}}}"#
        )
        #expect(reply.status == 200)
        try rig.wait(for: "completed", of: id)
    }

    @Test func `nothing is answered where one of the ids is not asked`() throws {
        let rig = try Rig()
        let id = try Self.asking(rig, "asking-twice")
        let reply = try rig.api.post(
            "/tasks/\(id)/resume",
            json: #"{"answer":{"one.before":1,"three.before":2}}"#
        )
        #expect(reply.status == 409)
        #expect(reply.json["code"] == .string("not_interrupted"))
        #expect(try rig.state(id)["interrupts"]?.elements.count == 2)
    }

    @Test(arguments: [
        (#"{"job_id":"other"}"#, 409), (#"{"answer":1}"#, 422), (#"{}"#, 422),
        (#"{"answer":{}}"#, 422), (#"{"job":"ask"}"#, 422), (#"{"job_id":1}"#, 422), ("[]", 422),
        ("{", 400),
    ]) func `an answer that is wrong changes nothing`(_ body: String, _ status: Int) throws {
        let rig = try Rig()
        let id = try Self.asking(rig)
        #expect(try rig.api.post("/tasks/\(id)/resume", json: body).status == status)
        #expect(try rig.state(id)["status"] == .string("interrupted"))
    }

    @Test func `a run that asks nothing, or is over, is not resumed`() throws {
        let rig = try Rig()
        let held = try rig.begin("held", input: #"{"key":"a"}"#)
        try rig.wait(for: "waiting", of: held)
        let waiting = try rig.api.post("/tasks/\(held)/resume", json: #"{"job_id":"hold"}"#)
        #expect(waiting.json["code"] == .string("not_interrupted"))
        let quick = try rig.begin("quick")
        try rig.wait(for: "completed", of: quick)
        let over = try rig.api.post("/tasks/\(quick)/resume", json: #"{"job_id":"say"}"#)
        #expect(over.status == 409)
        #expect(over.json["code"] == .string("task_finished"))
    }
}
