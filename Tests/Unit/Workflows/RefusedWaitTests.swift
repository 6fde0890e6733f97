import JSONWire
import Primitives
import Testing

@testable import Workflows

/// What a step is told whose wait was not taken, or whose key is none.
@Suite struct RefusedWaitTests {
    @Test(
        arguments: [
            (ProblemCode.overloaded, "as many waits are open as may be"),
            (.waitExists, "waits already"), (.waitKeyInvalid, "longer than a key may be"),
        ] as [(ProblemCode, String)]
    )
    func `a refused wait keeps its code, and names step, key and expression`(
        _ code: ProblemCode,
        _ reason: String
    ) throws {
        let fixture = PlanFixture(
            """
            workflow: { jobs: [ { id: hold, type: wait, wait_for: "${input.order}" } ] }
            """
        )
        var stage = try #require(RunMachineFixture(fixture))
        stage.start(#"{"order":"o-1"}"#)
        let ref = try #require(stage.wait("hold")?.ref)
        stage.send(.waitRefused(ref, code))
        let failure = try #require(stage.failure)
        #expect(failure.code == code)
        for part in ["step hold", "'o-1'", "${input.order}", reason, "s.yml:1:"] {
            #expect(failure.message.contains(part), "\(failure.message)")
        }
    }

    @Test(arguments: [
        (#""just text""#, "`response` is a text and has no member `id`"),
        ("7", "`response` is a number and has no member `id`"),
        ("[1,2]", "`response` is a list of 2 and has no member `id`"),
        (#"{"sid":1,"state":"x"}"#, "`response` has no member `id`; it has `sid`, `state`"),
        (#"{"id":null}"#, "`response` has a member `id` that is null"),
        ("null", "`response` is null"),
    ])
    func `a key that is missing in the response tells what is there`(
        _ response: String,
        _ found: String
    ) throws {
        let fixture = WaitingTests.fixture(
            #"body: { x: 1 }"#,
            completion: #"{ type: callback, wait_for: "${response.id}" }"#
        )
        var stage = try #require(RunMachineFixture(fixture))
        stage.start()
        stage.respond("a", response)
        let failure = try #require(stage.failure)
        #expect(failure.code == .waitKeyInvalid)
        #expect(
            failure.message.contains(
                "the key to wait for (${response.id}) cannot be used: the key is missing or null: "
                    + found
            ),
            "\(failure.message)"
        )
    }

    @Test(arguments: [
        ("[1]", "a list"), ("1.5", "a number with a fraction"), (#""""#, "empty"),
        (#""k\ud83d""#, "U+FFFD"),
    ])
    func `a key of the wrong kind tells which`(_ value: String, _ said: String) throws {
        let fixture = PlanFixture(
            "workflow: { jobs: [ { id: hold, type: wait, wait_for: \"${input.order}\" } ] }"
        )
        var stage = try #require(RunMachineFixture(fixture))
        stage.start(#"{"order":\#(value)}"#)
        let failure = try #require(stage.failure)
        #expect(failure.code == .waitKeyInvalid)
        #expect(failure.message.contains(said), "\(failure.message)")
    }

    private static func warnings(_ stage: RunMachineFixture) -> [String] {
        stage.all.compactMap { effect in
            guard case .history(let entry) = effect, case .warned(let text) = entry.kind else {
                return nil
            }
            return text
        }
    }

    @Test func `one warning tells of a wait whose key nobody outside can know`() throws {
        let endpoint = PlanFixture.endpoint("/callback", identifyBy: "${body.MessageSid}")
        let fixture = WaitingTests.fixture(
            #"body: { u: "${gateway:8090.public_url}/callback" }"#,
            endpoints: [endpoint]
        )
        var stage = try #require(RunMachineFixture(fixture))
        stage.start()
        stage.respond("a", #"{"sid":"SM1"}"#)
        let warnings = Self.warnings(stage)
        #expect(warnings.count == 1)
        for part in [
            "attempt's id alone", "${body.MessageSid}", "has no member `MessageSid`; it has `sid`",
        ] { #expect(warnings.first?.contains(part) == true, "\(warnings)") }
    }

    @Test(arguments: [
        #"body: { u: "${gateway:8090.public_url}/callback", id: "${context.run_id}" }"#,
        #"body: { u: "${gateway:8090.public_url}/callback?run=${context.run_id}" }"#,
        #"headers: { X-Run: "${context.run_id}" }, body: { u: "${gateway:8090.public_url}/callback" }"#,
    ]) func `a request that carries the key is no reason to warn`(_ action: String) throws {
        let endpoint = PlanFixture.endpoint("/callback", identifyBy: "${body.MessageSid}")
        let fixture = WaitingTests.fixture(action, endpoints: [endpoint])
        var stage = try #require(RunMachineFixture(fixture))
        stage.start()
        stage.respond("a", #"{"sid":"SM1"}"#)
        #expect(Self.warnings(stage).isEmpty)
    }

    @Test func `a response that tells the key is none either`() throws {
        let fixture = WaitingTests.fixture(#"body: { u: "${gateway:8090.public_url}/callback" }"#)
        var stage = try #require(RunMachineFixture(fixture))
        stage.start()
        stage.respond("a", #"{"id":"SM1"}"#)
        #expect(Self.warnings(stage).isEmpty)
    }
}
