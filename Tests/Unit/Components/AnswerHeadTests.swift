import JSONWire
import Primitives
import TestKit
import Testing
import Workflows

/// Status and header fields of real answers: where polls go, and what becomes of a redirected submission.
@Suite struct AnswerHeadTests {
    private static func answer(
        _ status: Int,
        _ text: String,
        _ headers: [(String, String)]
    ) -> ScriptedAnswer {
        var answer = ScriptedAnswer.json(status, text)
        answer.headers += headers
        return answer
    }

    @Test func `an operation is polled where its address says, past every 202`() throws {
        let polls = Watched(0)
        let fixture = try ComponentsFixture(
            #"""
            components:
              call:
                type: http-client
                base_url: SERVICE
                path: /jobs
                body: {}
                completion: { type: polling, path: "${http.headers.location}", interval: 5ms }
                output: { status: "${http.status}", kind: "${http.headers.x-kind}", v: "${result.v}" }
            workflow: { jobs: [ { id: call, component: call } ] }
            """#,
            routes: [
                "POST /jobs": { _ in Self.answer(202, "{}", [("Location", "/op/1")]) },
                "GET /op/1": { _ in
                    let count = polls.withLock { count in
                        count += 1
                        return count
                    }
                    if count < 3 { return .json(202, #"{"v":0}"#) }
                    return Self.answer(200, #"{"v":7}"#, [("X-Kind", "a"), ("x-kind", "b")])
                },
            ]
        )
        #expect(try fixture.output() == #"{"status":200,"kind":["a","b"],"v":7}"#)
        #expect(fixture.service.requests.map(\.target) == ["/jobs", "/op/1", "/op/1", "/op/1"])
    }

    @Test(arguments: [301, 302]) func `a POST that would go on as a GET fails the step`(
        _ status: Int
    ) throws {
        let fixture = try ComponentsFixture(
            #"""
            components: { call: { type: http-client, base_url: SERVICE, path: /jobs, body: {} } }
            workflow: { jobs: [ { id: call, component: call } ] }
            """#,
            routes: [
                "POST /jobs": { _ in Self.answer(status, "", [("Location", "/new?secret=1")]) },
                "GET /new": { _ in .json(200, #"{"ok":true}"#) },
            ]
        )
        let failure = try fixture.start().failure()
        #expect(failure.code == .redirected)
        #expect(failure.message.contains("answered \(status) and points to"))
        #expect(failure.message.contains("/new"))
        #expect(!failure.message.contains("secret"))
        #expect(fixture.service.requests.map(\.target) == ["/jobs"])
    }

    @Test(arguments: [(303, "GET"), (307, "POST"), (308, "POST")])
    func `other redirects of a POST are followed`(_ status: Int, _ method: String) throws {
        let fixture = try ComponentsFixture(
            #"""
            components: { call: { type: http-client, base_url: SERVICE, path: /jobs, body: {} } }
            workflow: { jobs: [ { id: call, component: call } ] }
            """#,
            routes: [
                "POST /jobs": { _ in Self.answer(status, "", [("Location", "/new")]) },
                "\(method) /new": { _ in .json(200, #"{"ok":true}"#) },
            ]
        )
        #expect(try fixture.output() == #"{"ok":true}"#)
    }

    @Test func `with no redirects the redirect is the response`() throws {
        let fixture = try ComponentsFixture(
            #"""
            client: { max_redirects: 0 }
            components:
              call: { type: http-client, base_url: SERVICE, path: /jobs, body: {}, output: "${http.headers.location}" }
            workflow: { jobs: [ { id: call, component: call } ] }
            """#,
            routes: ["POST /jobs": { _ in Self.answer(302, "", [("Location", "/new")]) }]
        )
        #expect(try fixture.output() == #""/new""#)
    }

    @Test func `a refusal that names another moment is tried again`() throws {
        let count = Watched(0)
        let fixture = try ComponentsFixture(
            #"""
            components: { call: { type: http-client, base_url: SERVICE, path: /jobs, body: {} } }
            workflow: { jobs: [ { id: call, component: call, retry: { max_attempt_count: 3, on: [429] } } ] }
            """#,
            routes: [
                "POST /jobs": { _ in
                    let calls = count.withLock { calls in
                        calls += 1
                        return calls
                    }
                    return calls == 1
                        ? Self.answer(429, "{}", [("Retry-After", "1")]) : .json(200, #"{"ok":1}"#)
                }
            ]
        )
        #expect(try fixture.output() == #"{"ok":1}"#)
        #expect(fixture.service.requests.count == 2)
    }
}
