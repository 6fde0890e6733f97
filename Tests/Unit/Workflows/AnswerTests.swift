import JSONWire
import Primitives
import Testing

@testable import Workflows

/// What HTTP says of an answer: as a source, in polls, and for another try.
@Suite struct AnswerTests {
    /// A run whose only step calls a component; `job` and `component` are further keys of the two.
    private static func started(
        _ component: String = "",
        job: String = ""
    ) throws -> RunMachineFixture {
        let fixture = PlanFixture(
            "components: { call: { type: http-client, endpoint: \"http://h/a\", \(component) } }\n"
                + "workflow: { jobs: [ { id: a, component: call\(job) } ] }\n"
        )
        #expect(fixture.findings == [])
        var stage = try #require(RunMachineFixture(fixture))
        stage.start()
        return stage
    }

    /// A run that polls `http://h/p` once a second, with further keys of `completion`.
    private static func polling(_ keys: String = "") throws -> RunMachineFixture {
        try started(
            "completion: { type: polling, endpoint: \"http://h/p\", interval: 1s, \(keys) }"
        )
    }

    /// A run that tries its call again, with the keys of `retry`.
    private static func retrying(_ keys: String) throws -> RunMachineFixture {
        try started(job: ", retry: { \(keys) }")
    }

    /// Answers the last call of the step.
    static func answer(
        _ stage: inout RunMachineFixture,
        _ status: Int,
        _ body: String = "{}",
        _ headers: [(name: String, value: String)] = []
    ) throws {
        let (ref, _) = try #require(stage.lastCall("a"))
        let call = try #require(stage.request("a"))
        let outcome = call.outcome(
            status: status,
            contentType: "application/json",
            body: Array(body.utf8),
            headers: headers
        )
        stage.send(.responded(ref, outcome))
    }

    /// When the last timer is due, in milliseconds from now.
    static func pause(_ stage: RunMachineFixture) -> Int64? {
        for effect in stage.effects.reversed() {
            if case .setTimer(_, let at) = effect {
                return at.milliseconds - stage.wall.milliseconds
            }
        }
        return nil
    }

    @Test func `status and header fields are sources of an output`() throws {
        var stage = try Self.started(
            #"output: { s: "${http.status}", l: "${http.headers.Location}", c: '${http.headers["set-cookie"]}', n: "${http.headers.none}", t: "${http.headers.location | none}" }"#
        )
        try Self.answer(
            &stage,
            202,
            "{}",
            [("Location", "/op/1"), ("Set-Cookie", "a=1"), ("set-cookie", "b=2")]
        )
        #expect(
            stage.output?.text
                == #"{"s":202,"l":"/op/1","c":["a=1","b=2"],"n":null,"t":"/op/1"}"#
        )
    }

    @Test func `only what is read is kept of an answer`() throws {
        for (output, keeps) in [
            ("${http.status}", false), ("${response}", false), ("${http.headers.x}", true),
            ("${http}", true),
        ] {
            let stage = try Self.started("output: \"\(output)\"")
            #expect(stage.request("a")?.keepsHeaders == keeps)
        }
    }

    @Test func `a poll goes where the answer's header field points`() throws {
        var stage = try Self.started(
            #"completion: { type: polling, endpoint: "http://h${http.headers.operation-location}", status: "${result.s}", success_when: [done], interval: 1s }, output: { r: "${result.v}", s: "${http.status}" }"#
        )
        try Self.answer(&stage, 202, "{}", [("Operation-Location", "/op/7")])
        stage.ring()
        #expect(stage.request("a")?.url == "http://h/op/7")
        try Self.answer(&stage, 200, #"{"s":"running"}"#)
        stage.ring()
        try Self.answer(&stage, 200, #"{"s":"done","v":1}"#)
        #expect(stage.output?.text == #"{"r":1,"s":200}"#)
    }

    @Test func `a callback's output may read the head of the response before it`() throws {
        var stage = try Self.started(
            #"completion: { type: callback, wait_for: "${http.headers.x-id}" }, output: { r: "${result.v}", id: "${http.headers.x-id}" }"#
        )
        try Self.answer(&stage, 202, "{}", [("X-Id", "k1")])
        #expect(stage.wait("a")?.keys == ["k1"])
        stage.callback("a", key: "k1", #"{"v":2}"#)
        #expect(stage.output?.text == #"{"r":2,"id":"k1"}"#)
    }

    @Test func `a key of text says that the response is text`() throws {
        var stage = try Self.started(
            #"completion: { type: callback, wait_for: "${response.id}" }"#
        )
        let (ref, _) = try #require(stage.lastCall("a"))
        stage.send(.responded(ref, .success(.string(#"{"id":"x"}"#), status: 200)))
        #expect(stage.failure?.code == .waitKeyInvalid)
        #expect(stage.failure?.message.contains("`response` is a text") == true)
    }

    @Test func `a poll that is answered 202 goes on`() throws {
        var stage = try Self.polling()
        try Self.answer(&stage, 200)
        for _ in 0..<3 {
            stage.ring()
            try Self.answer(&stage, 202, #"{"s":"running"}"#)
            #expect(stage.words == ["set poll"])
        }
        stage.ring()
        try Self.answer(&stage, 200, #"{"s":"done"}"#)
        #expect(stage.output?.text == #"{"s":"done"}"#)
    }

    @Test(arguments: [
        ("success_when: [\"202\"]", 202, true), ("success_when: [2xx]", 202, true),
        ("fail_when: [\"410\"]", 202, false), ("fail_when: [\"410\"]", 200, true),
        ("status: \"${result.s}\", fail_when: [bad]", 200, true),
        ("status: \"${result.s}\", success_when: [done]", 200, false),
        ("status: \"${result.none}\", fail_when: [bad]", 200, false),
        ("status: \"${http.status}\", success_when: [201]", 201, true),
        ("status: \"${http.headers.x-state}\", success_when: [ready]", 200, true),
    ])
    func `lists decide before the rule does`(
        _ keys: String,
        _ status: Int,
        _ isEnd: Bool
    ) throws {
        var stage = try Self.polling(keys)
        try Self.answer(&stage, 200)
        stage.ring()
        try Self.answer(&stage, status, #"{"s":"other"}"#, [("X-State", "ready")])
        #expect(stage.machine.isOver == isEnd)
        #expect(isEnd == (stage.words != ["set poll"]))
    }

    @Test func `a status in fail_when alone fails the polling`() throws {
        var stage = try Self.polling(#"status: "${result.s}", fail_when: [bad]"#)
        try Self.answer(&stage, 200)
        stage.ring()
        try Self.answer(&stage, 200, #"{"s":"bad"}"#)
        #expect(stage.failure?.code == .componentFailed)
    }

    static let origin = RunMachineFixture.origin

    @Test(arguments: [
        ("2", 2000), ("0", 1000), ("-5", 1000), ("soon", 1000), ("2.5", 1000), (" 3 ", 3000),
        ("99999999999999999999", 86_400_000), ("172800", 86_400_000), ("", 1000),
        // The origin is 2026-11-21T10:00:00Z.
        ("Sat, 21 Nov 2026 10:00:07 GMT", 7000), ("Saturday, 21-Nov-26 10:00:07 GMT", 7000),
        ("Sat Nov 21 10:00:07 2026", 7000), ("Sat, 21 Nov 2026 09:00:00 GMT", 1000),
        ("Sat, 31 Feb 2027 09:00:00 GMT", 1000), ("Sat, 21 Nov 9999 10:00:07 GMT", 86_400_000),
    ])
    func `Retry-After is obeyed by polls and by tries`(_ text: String, _ expected: Int64) throws {
        var polling = try Self.polling("timeout: 2d")
        try Self.answer(&polling, 202, "{}", [("Retry-After", text)])
        #expect(Self.pause(polling) == expected)
        polling.ring()
        // The clock has moved on: a date is nearer now, seconds are not.
        let isDate = text.contains("GMT") || text.contains("2026")
        try Self.answer(&polling, 202, "{}", [("retry-after", text)])
        if !isDate { #expect(Self.pause(polling) == expected) }

        for status in [429, 503, 500] {
            var trying = try Self.retrying("max_attempt_count: 3, delay: 1s")
            try Self.answer(&trying, status, "{}", [("Retry-After", text)])
            #expect(Self.pause(trying) == expected)
            #expect(trying.words == ["set retry"])
        }
    }

    @Test func `the longer of pause and Retry-After counts, also over max_delay`() throws {
        var long = try Self.retrying("max_attempt_count: 3, delay: 10s")
        try Self.answer(&long, 429, "{}", [("Retry-After", "2")])
        #expect(Self.pause(long) == 10_000)
        var short = try Self.retrying("max_attempt_count: 3, delay: 1s, max_delay: 2s")
        try Self.answer(&short, 429, "{}", [("Retry-After", "60")])
        #expect(Self.pause(short) == 60_000)
    }

    @Test func `polling ends where it is asked to come after its end`() throws {
        var stage = try Self.polling("timeout: 10s")
        try Self.answer(&stage, 200)
        stage.ring()
        try Self.answer(&stage, 503, "{}", [("Retry-After", "3600")])
        #expect(stage.failure?.code == .requestTimeout)
        #expect(stage.failure?.message.hasSuffix("asks to come later (Retry-After)") == true)
    }

    @Test(arguments: [
        ("[5xx, 429]", 400, false), ("[5xx, 429]", 503, true), ("[5xx, 429]", 429, true),
        ("5xx", 500, true), ("429", 429, true), ("[50x]", 503, true), ("[50x]", 511, false),
        ("[5XX]", 500, true), ("[connect_failed]", 503, false), ("[http_status]", 400, true),
        ("[connect_failed, 4xx]", 404, true),
    ])
    func `retry names statuses`(_ on: String, _ status: Int, _ isTried: Bool) throws {
        var stage = try Self.retrying("max_attempt_count: 2, on: \(on)")
        try Self.answer(&stage, status)
        #expect(stage.machine.isOver == !isTried)
    }

    @Test func `a status is not the code of another failure`() throws {
        var stage = try Self.retrying("max_attempt_count: 2, on: [5xx]")
        stage.fail("a", .connectFailed)
        #expect(stage.failure?.code == .connectFailed)
    }

    @Test(arguments: [
        ("${http.status == 503}", 503, true), ("${http.status == 503}", 500, false),
        ("${http.headers.x-again == \"yes\"}", 500, true),
        ("{ input: \"${error.code}\", value: http_status }", 500, true),
        ("{ input: \"${error.result.temporary}\", value: true }", 500, true),
        ("{ input: \"${error.result.temporary}\", value: false }", 500, false),
        ("\"${error.code + 1 == 2}\"", 500, false),
    ])
    func `a condition decides about another try`(
        _ condition: String,
        _ status: Int,
        _ isTried: Bool
    ) throws {
        let written = condition.hasPrefix("$") ? "'\(condition)'" : condition
        var stage = try Self.retrying("max_attempt_count: 2, when: \(written)")
        try Self.answer(&stage, status, #"{"temporary":true}"#, [("X-Again", "yes")])
        #expect(stage.machine.isOver == !isTried)
    }

    @Test(arguments: [
        ("on: [200]", "on: found the integer `200`"), ("on: [xxx]", "found the text `xxx`"),
        ("on: [htp_status]", "(http_status)"),
        ("when: '${http.code == 1}'", "`http` has `status` and `headers`, not `code` (status)"),
        ("when: '${response.x}'", "the source `response` is not available here"),
    ])
    func `what cannot be retried on is told`(_ key: String, _ message: String) {
        let fixture = PlanFixture(
            "workflow: { jobs: [ { id: a, type: delay, duration: 1, retry: { max_attempt_count: 2, \(key) } } ] }"
        )
        let expected = message.replacing("on: found", with: "found")
        #expect(fixture.findings.count == 1)
        #expect(fixture.findings.first?.contains(expected) == true, "\(fixture.findings)")
    }

    @Test(arguments: [
        (
            "status: result.s, success_when: [done]",
            ["`result.s` is a constant: every poll has the same status (${result.s})"]
        ),
        (
            "status: state, success_when: [done]",
            ["`state` is a constant: every poll has the same status (${result.state})"]
        ),
        (
            "status: '${result.s}'",
            [
                "neither `success_when` nor `fail_when` says which status ends the polling: it always ends as `request_timeout` (success_when: [done])"
            ]
        ),
        ("status: '${result.s}', fail_when: [bad]", []),
        (
            "success_when: [done]",
            [
                "without `status` a poll is judged by its HTTP status, and `done` is none (status: ${result.status})"
            ]
        ),
        ("success_when: [200, 20x], fail_when: [404]", []),
        (
            "interval: 10s, timeout: 5s",
            [
                "the pause before the first poll (10s) is longer than the polling (5s): it always ends as `request_timeout`"
            ]
        ),
        (
            "status: '${result.s}', success_when: [a, b], fail_when: [b]",
            ["`b` is in `success_when` and in `fail_when`"]
        ),
        (
            "status: '${http.state}', success_when: [a]",
            ["`http` has `status` and `headers`, not `state` (status)"]
        ),
    ])
    func `polling that cannot end well is told`(_ keys: String, _ expected: [String]) {
        let fixture = PlanFixture(
            "component: { type: http-client, endpoint: \"http://h/a\", completion: { type: polling, endpoint: \"http://h/p\", \(keys) } }"
        )
        let messages = fixture.findings.map { String($0.drop { $0 != " " }.dropFirst()) }
        #expect(messages == expected)
    }

    @Test func `a source of answers is not there before there is one`() {
        let fixture = PlanFixture(
            "component: { type: http-client, endpoint: \"http://h/${http.status}\" }\n"
        )
        #expect(fixture.findings.count == 1)
        #expect(fixture.findings.first?.contains("the source `http` is not available here") == true)
        let shell = PlanFixture(
            "component: { type: shell, command: [ls], output: \"${http.status}\" }\n"
        )
        #expect(shell.findings.count == 1)
    }

    @Test func `reading header fields off the body is told`() {
        let fixture = PlanFixture(
            "component: { type: http-client, endpoint: \"http://h/\", output: \"${response.headers.Location}\" }\n"
        )
        #expect(fixture.findings == [])
        #expect(fixture.assumptions.count == 1)
        #expect(fixture.assumptions.first?.contains("`http.headers.location`") == true)
    }
}
