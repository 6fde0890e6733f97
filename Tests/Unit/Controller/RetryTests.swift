import JSONWire
import Synchronization
import TestKit
import Testing

@Suite struct RetryTests {
    @Test func `a failed run goes on from its failed step`() throws {
        let asked = Atomic(0)
        let service = try ScriptedService { _ in
            let number = asked.wrappingAdd(1, ordering: .relaxed).newValue
            return .json(number == 1 ? 500 : 200, #"{"n":\#(number)}"#)
        }
        let fixture = try ControllerFixture(
            """
            component: { id: c, type: http-client, endpoint: "http://127.0.0.1:\(service.port)/x", body: { a: 1 } }
            workflow:
              id: work
              jobs:
                - { id: say, component: logger, input: { message: once, data: { once: true } } }
                - { id: call, component: c, depends_on: [ say ], output: { n: "${output.n}", said: "${jobs.say.output}" } }
            """
        )
        let id = try fixture.begin("work")
        try fixture.wait(for: "failed", of: id)
        let reply = try fixture.api.post("/tasks/\(id)/retry", json: "{}")
        #expect(reply.status == 200)
        try fixture.wait(for: "completed", of: id)
        #expect(try fixture.state(id)["output"]?["n"] == .integer(2))
        #expect(try fixture.state(id)["output"]?["said"]?["once"] == .bool(true))
        #expect(fixture.lines.all.count { $0.contains("once") } == 1)
    }

    @Test func `a run that has not failed is not tried again`() throws {
        let fixture = try ControllerFixture()
        let id = try fixture.begin("quick")
        try fixture.wait(for: "completed", of: id)
        let reply = try fixture.api.post("/tasks/\(id)/retry", json: "{}")
        #expect(reply.status == 409)
        #expect(reply.json["code"] == .string("task_not_failed"))
    }
}
