import JSONWire
import Primitives
import Testing

@testable import Workflows

@Suite struct TakenUpAgainTests {
    private static let text = """
        workflow:
          jobs:
            - { id: a, component: call, input: { n: 1 }, output: "${output}" }
            - { id: b, component: call, input: { n: "${jobs.a.output.x}" } }
            - { id: c, component: call, input: { n: "${jobs.b.output.y}" } }
        """

    @Test func `a failed run goes on from its failed step with what was there`() throws {
        var stage = try JobTypesTests.stage(Self.text)
        stage.start()
        stage.respond("a", #"{"x":5}"#)
        stage.respond("b", "{}", status: 500)
        #expect(stage.failure?.step == "b")
        let early = stage.all.count
        stage.send(.retry)
        #expect(stage.machine.outcome == nil)
        #expect(stage.all.count > early)
        #expect(stage.machine.state.steps.map(\.status) == [.completed, .running, .pending])
        stage.respond("b", #"{"y":6}"#)
        stage.respond("c", #"{"z":7}"#)
        #expect(stage.machine.outcome == .completed(RunMachineFixture.json(#"{"z":7}"#)))
    }

    @Test func `a late answer to the try that failed changes nothing`() throws {
        var stage = try JobTypesTests.stage(Self.text)
        stage.start()
        let (first, _) = try #require(stage.lastCall("a"))
        stage.fail("a")
        stage.send(.retry)
        let (second, _) = try #require(stage.lastCall("a"))
        #expect(first != second)
        stage.send(.responded(first, .success(.null, status: 200)))
        #expect(stage.effects.isEmpty)
        #expect(stage.machine.state.status == .running)
    }

    @Test func `a run that has not failed is not taken up`() throws {
        var stage = try JobTypesTests.stage(Self.text)
        stage.start()
        stage.send(.retry)
        #expect(stage.effects.isEmpty)
        stage.send(.cancel(reason: "enough"))
        stage.send(.retry)
        #expect(stage.machine.outcome == .cancelled(reason: "enough"))
    }

    @Test func `it may fail and be taken up as often as one likes`() throws {
        var stage = try JobTypesTests.stage(Self.text)
        stage.start()
        for _ in 0..<5 {
            stage.fail("a")
            #expect(stage.failure?.step == "a")
            stage.send(.retry)
        }
        stage.respond("a", #"{"x":5}"#)
        #expect(stage.machine.state.steps.map(\.status) == [.completed, .running, .pending])
    }
}
