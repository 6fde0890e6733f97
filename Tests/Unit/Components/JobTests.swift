import JSONWire
import Primitives
import Runs
import Sluice
import TestKit
import Testing
import Workflows

/// Every job type as a whole server runs it, against a service that echoes.
@Suite struct JobTests {
    private static let components = """
        components:
          echo: { type: http-client, endpoint: SERVICE/echo, body: "${input}" }
          fail: { type: http-client, endpoint: SERVICE/fail, body: "${input}" }

        """

    private static func fixture(_ workflows: String) throws -> ComponentsFixture {
        try ComponentsFixture(
            components + workflows,
            routes: [
                "POST /echo": ScriptedAnswer.echo,
                "POST /fail": { _ in .json(500, #"{"why":"broken"}"#) },
            ]
        )
    }

    private static func jobs(_ lines: String...) throws -> ComponentsFixture {
        try fixture("workflow:\n  jobs:\n" + lines.map { "    - \($0)\n" }.joined())
    }

    @Test func `steps in the order of their references, others at once`() throws {
        let fixture = try Self.jobs(
            #"{ id: last, component: echo, input: [ "${jobs.a.output}", "${jobs.b.output}" ] }"#,
            #"{ id: a, component: echo, input: "${input.x}" }"#,
            #"{ id: b, component: echo, input: "${jobs.a.output}" }"#
        )
        #expect(try fixture.output(#"{"x":7}"#) == "[7,7]")
        #expect(fixture.service.requests.map(\.text) == ["7", "7", "[7,7]"])
    }

    @Test(arguments: [("95", "A"), ("75", "B"), ("10", "F")])
    func `if takes the first way that holds`(_ score: String, _ grade: String) throws {
        let fixture = try Self.jobs(
            #"{ id: c, type: if, input: "${input.score}", conditions: [ { operator: gte, value: 90, if_true: a }, { operator: gte, value: 70, if_true: b } ], otherwise: f }"#,
            #"{ id: a, component: echo, input: A }"#,
            #"{ id: b, component: echo, input: B }"#,
            #"{ id: f, component: echo, input: F }"#
        )
        #expect(try fixture.output(#"{"score":\#(score)}"#) == "\"\(grade)\"")
        #expect(fixture.service.requests.count == 1)
    }

    @Test(arguments: [(#""b""#, "two"), ("7", "seven"), ("null", "other")])
    func `switch compares its input`(_ input: String, _ taken: String) throws {
        let fixture = try Self.jobs(
            #"{ id: s, type: switch, input: "${input}", cases: [ { value: b, then: two }, { value: 7, then: seven } ], otherwise: other }"#,
            #"{ id: two, component: echo, input: two }"#,
            #"{ id: seven, component: echo, input: seven }"#,
            #"{ id: other, component: echo, input: other }"#
        )
        #expect(try fixture.output(input) == "\"\(taken)\"")
    }

    @Test func `a random router takes one way`() throws {
        let fixture = try Self.jobs(
            "{ id: r, type: random-router, mode: weighted, routings: [ { to: a, weight: 1 }, { to: b, weight: 0 } ] }",
            "{ id: a, component: echo, input: A }",
            "{ id: b, component: echo, input: B }"
        )
        for _ in 0..<5 { #expect(try fixture.output() == "\"A\"") }
    }

    @Test func `filter keeps what the condition holds for`() throws {
        let fixture = try Self.jobs(
            #"{ id: f, type: filter, input: "${input}", where: { input: "${item}", operator: gt, value: 2 } }"#
        )
        #expect(try fixture.output("[1,2,3,4]") == "[3,4]")
    }

    @Test func `for-each keeps the order of the items and its bound`() throws {
        let gauge = Gauge()
        let fixture = try ComponentsFixture(
            """
            components: { slow: { type: http-client, endpoint: SERVICE/slow, body: "${input}" } }
            workflow: { jobs: [ { id: all, type: for-each, batch_size: 3, input: "${input}", do: { component: slow, input: { n: "${item}", i: "${index}" } } } ] }
            """,
            routes: [
                "POST /slow": { request in
                    gauge.enter()
                    defer { gauge.leave() }
                    return .json(200, request.text)
                }
            ]
        )
        #expect(
            try fixture.output(#"["a","b","c","d","e"]"#)
                == #"[{"n":"a","i":0},{"n":"b","i":1},{"n":"c","i":2},{"n":"d","i":3},{"n":"e","i":4}]"#
        )
        #expect(gauge.most <= 3)
    }

    @Test func `failures of items fail the step, or are collected`() throws {
        let first = try Self.jobs(
            #"{ id: all, type: for-each, input: [ 1, 2 ], do: { component: fail, input: "${item}" } }"#
        )
        let failure = try first.start().failure()
        #expect(failure.code == .httpStatus && failure.step == "all[0]")
        #expect(first.service.requests.count == 1)
        let all = try Self.jobs(
            #"{ id: all, type: for-each, input: [ 1, 2 ], failures: collect, do: { component: fail, input: "${item}" }, output: "${output}" }"#
        )
        let output = try all.start().output()
        guard case .array(let items) = output else {
            Issue.record("\(output)")
            return
        }
        #expect(items.map { $0["error"]?["code"]?.string } == ["http_status", "http_status"])
    }

    @Test func `loop hands its output on until the condition holds`() throws {
        let fixture = try Self.jobs(
            #"{ id: l, type: loop, input: { n: 0 }, do: { component: echo, input: { n: "${item.n + 1}" } }, until: { input: "${output.n}", operator: gte, value: 3 }, max_iteration_count: 10 }"#
        )
        #expect(try fixture.output() == #"{"n":3}"#)
    }

    @Test func `an OR dependency needs one of its steps`() throws {
        let fixture = try Self.jobs(
            #"{ id: c, type: if, input: "${input}", operator: eq, value: 1, if_true: a, if_false: b }"#,
            "{ id: a, component: echo, input: A }",
            "{ id: b, component: echo, input: B }",
            #"{ id: end, component: echo, depends_on: [ [ a, b ] ], input: "${jobs.a.output | jobs.b.output}" }"#
        )
        #expect(try fixture.output("1") == "\"A\"")
        #expect(try fixture.output("2") == "\"B\"")
    }

    @Test func `a wait ends with its callback, another with its deadline`() throws {
        let fixture = try Self.fixture(
            ComponentsFixture.listener + """

                workflows:
                  - { id: wait, jobs: [ { id: w, type: wait, wait_for: "${input.key}", timeout: 10s } ] }
                  - { id: late, jobs: [ { id: w, type: wait, wait_for: "${input.key}", timeout: 50ms } ] }
                """
        )
        let run = try fixture.start(#"{"key":7}"#, workflow: "wait")
        #expect(try fixture.callback(#"{"id":"7","result":{"ok":true}}"#).status < 300)
        #expect(try run.output().jsonText == #"{"ok":true}"#)
        let late = try fixture.start(#"{"key":8}"#, workflow: "late").failure()
        #expect(late.code == .callbackTimeout)
        #expect(try fixture.callback(#"{"id":"8"}"#).status == 409)
    }

    @Test func `a delay takes its time, and a moment that is past none`() throws {
        let fixture = try Self.jobs(
            "{ id: d, type: delay, duration: \"${input.for}\" }",
            "{ id: t, type: delay, mode: specific-time, time: '2020-01-01T00:00:00', timezone: '+09:00' }",
            "{ id: e, component: echo, input: done, depends_on: [ d, t ] }"
        )
        let begin = Instant.now()
        #expect(try fixture.output(#"{"for":"120ms"}"#) == #""done""#)
        #expect(Instant.now().since(begin) >= .milliseconds(120))
        #expect(try fixture.start(#"{"for":"soon"}"#).failure().step == "d")
    }

    @Test func `a logger writes a line and hands its data on`() throws {
        let fixture = try Self.jobs(
            #"{ id: log, component: logger, input: { level: warning, message: "got ${input.x}", data: { x: "${input.x}" } } }"#,
            #"{ id: after, component: echo, input: "${output}" }"#
        )
        #expect(try fixture.output(#"{"x":5}"#) == #"{"x":5}"#)
        let line = try fixture.waitForLine("got 5")
        #expect(line.level == .warning && line["data"] == #"{"x":5}"#)
    }

    @Test func `a child run gives its output or its failure, and ends with its parent`() throws {
        let fixture = try Self.fixture(
            ComponentsFixture.listener + """

                workflows:
                  - id: top
                    jobs:
                      - id: sub
                        component: { id: below, type: workflow, workflow: child, input: { from: "${input}" }, output: { got: "${output}" } }
                        input: "${input}"
                  - id: child
                    jobs:
                      - { id: way, type: switch, input: "${input.from}", cases: [ { value: fail, then: f }, { value: wait, then: w } ], otherwise: e }
                      - { id: f, component: fail }
                      - { id: w, type: wait, wait_for: child-key }
                      - { id: e, component: echo, input: "${input}" }
                """
        )
        #expect(try fixture.output("1", workflow: "top") == #"{"got":{"from":1}}"#)
        let failure = try fixture.start(#""fail""#, workflow: "top").failure()
        #expect(
            failure.step == "sub" && failure.code == .httpStatus && failure.component == "below"
        )
        #expect(failure.message.hasPrefix("the child run failed: POST "))
        let waiting = try fixture.start(#""wait""#, workflow: "top")
        _ = try fixture.waitForLine("Step waits for a callback")
        #expect(fixture.server.engine.cancel(waiting.id, reason: "stop"))
        #expect(try waiting.outcome() == .cancelled(reason: "stop"))
        try eventually("both runs are cancelled") {
            fixture.log.count { $0.message == "Run cancelled" } == 2
        }
        #expect(try fixture.callback(#"{"id":"child-key","result":1}"#).status == 409)
    }

    @Test func `on_error in its three forms`() throws {
        let ignore = try Self.jobs(
            "{ id: a, component: fail, on_error: ignore }",
            #"{ id: b, component: echo, input: { a: "${jobs.a.output}" } }"#
        )
        #expect(try ignore.output() == #"{"a":null}"#)
        let output = try Self.jobs(
            #"{ id: a, component: fail, on_error: { output: { code: "${error.code}", why: "${error.result.why}" } } }"#
        )
        #expect(try output.output() == #"{"code":"http_status","why":"broken"}"#)
        let route = try Self.jobs(
            "{ id: a, component: fail, on_error: { to: b } }",
            "{ id: b, component: echo, input: B }",
            #"{ id: never, component: echo, input: "${jobs.a.output}" }"#
        )
        #expect(try route.output() == #""B""#)
        let steps = try Self.jobs(
            #"{ id: a, component: fail, on_error: [ { id: x, component: echo, input: X }, { id: y, component: echo, input: "${jobs.x.output}Y", retry: { max_attempts: 2, delay: 10ms } } ] }"#,
            #"{ id: b, component: echo, input: "${jobs.a.output}!" }"#
        )
        #expect(try steps.output() == #""XY!""#)
    }

    @Test func `a retry is for the causes it names`() throws {
        let fixture = try Self.jobs(
            "{ id: a, component: fail, retry: { max_attempts: 3, delay: 1ms, on: [ connect_failed ] } }"
        )
        #expect(try fixture.start().failure().attempt == 1)
        #expect(fixture.service.requests.count == 1)
        let again = try Self.jobs(
            "{ id: a, component: fail, retry: { max_attempts: 3, delay: 5ms, backoff: exponential, max_delay: 10ms } }"
        )
        #expect(try again.start().failure().attempt == 3)
        #expect(again.service.requests.count == 3)
    }

    @Test func `a step's and a workflow's timeout end what is under way`() throws {
        let step = try Self.jobs("{ id: s, component: delay, input: 10m, timeout: 50ms }")
        #expect(try step.start().failure().code == .stepTimeout)
        let run = try Self.fixture(
            "workflow: { timeout: 50ms, jobs: [ { id: s, component: delay, input: 10m } ] }"
        )
        #expect(try run.start().failure().code == .runTimeout)
    }

    @Test func `a failure cancels a sibling that waits, and its key`() throws {
        let fixture = try Self.fixture(
            ComponentsFixture.listener + """

                workflow:
                  jobs:
                    - { id: w, type: wait, wait_for: sibling }
                    - { id: pause, type: delay, duration: 30ms }
                    - { id: f, component: fail, depends_on: [ pause ] }
                """
        )
        #expect(try fixture.start().failure().step == "f")
        #expect(try fixture.callback(#"{"id":"sibling","result":1}"#).status == 409)
    }

    @Test func `results do not depend on which step ends first`() throws {
        let fixture = try Self.jobs(
            #"{ id: slow, type: delay, duration: 40ms, output: { x: slow, a: 1 } }"#,
            #"{ id: quick, component: echo, input: { x: quick, b: 2 } }"#
        )
        #expect(try fixture.output() == #"{"x":"quick","a":1,"b":2}"#)
    }
}
