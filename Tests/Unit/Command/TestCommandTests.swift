import JSONWire
import TestKit
import Testing

@Suite struct TestCommandTests {
    private static let configuration = """
        gateway: { type: public, url: "http://127.0.0.1:8090", port: 8090 }
        listener:
          type: http-callback
          port: 8090
          path: /done
          identify_by: ${body.id}
          status: ${body.status}
          success_when: [done]
          fail_when: [failed]
          result: ${body.result}
        component:
          id: worker
          type: http-client
          endpoint: http://127.0.0.1:9101/jobs
          timeout: 1h
          headers: { Authorization: "Bearer ${secret.KEY}" }
          body: { work: "${input.work}", id: "${context.run_id}", back: "${gateway:8090.public_url}/done" }
        secrets: { KEY: { file: /nowhere } }
        workflow:
          id: ask
          jobs:
            - { id: ask, component: worker, input: "${input}", retry: { max_attempt_count: 2, delay: 10m, on: [http_status] } }
        """

    private func test(_ text: String, _ arguments: [String] = []) throws -> Sluice {
        let directory = try TemporaryDirectory()
        try Files.write(Self.configuration, to: directory.path("sluice.yml"))
        try Files.write(text, to: directory.path("t.yml"))
        return try Sluice(["test", "t.yml"] + arguments, directory: directory.path)
    }

    private static let head = """
        secrets: { KEY: k }
        input: { work: w }

        """
    private static let good =
        head + """
            requests:
              - request: { method: POST, url: "http://127.0.0.1:9101/jobs", body: { work: w } }
                answer: { status: 202 }
                callback: { after: 30m, body: { id: "${body.id}", status: done, result: { n: 1 } } }

            """

    private static let linked = """
        gateway: { type: public, url: "https://hooks.example.com", port: 8090 }
        listener:
          port: 8090
          callbacks:
            - path: /done
              identify_by: ${query.run}
              status: ${header.x-status}
              success_when: [done]
              fail_when: [failed]
              result: { n: "${query.n}", list: "${query.list}", body: "${body}" }
            - { path: /other, identify_by: "${body.id}" }
        component:
          id: worker
          type: http-client
          endpoint: http://127.0.0.1:9101/jobs
          body: { back: "${gateway:8090.public_url}/done?run=${context.run_id}" }
        workflow: { id: ask, jobs: [ { id: ask, component: worker } ] }
        """

    @Test(
        arguments: [
            #"{ url: "${body.back}&n=1", headers: { X-Status: done }, query: { list: [a, 2] } }"#,
            #"{ url: "${body.back}", query: { n: 1, list: [a, 2] }, headers: { x-status: "${body.none | done}" } }"#,
            #"{ endpoint: /done, query: { run: "${body.back}", n: 1 }, headers: { X-Status: done } }"#,
            #"{ url: "${body.back}", headers: { X-Status: failed } }"#,
            #"{ url: "https://hooks.example.com/nope?run=1" }"#, "{ after: 1s }",
        ].enumerated().map { ($0, $1) }
    )
    func `a callback is sent to the URL of the request, with a query and headers`(
        _ number: Int,
        _ callback: String
    ) throws {
        let expected = [
            "1 of 1 tests passed", "1 of 1 tests passed",
            "no step waited for the callback with the key `https://hooks.example.com/done?run=",
            "failed", "there is no callback endpoint `/nope`; there are /done, /other",
            "`body` is missing",
        ]
        let directory = try TemporaryDirectory()
        try Files.write(Self.linked, to: directory.path("sluice.yml"))
        try Files.write(
            """
            requests:
              - { request: {}, answer: { status: 202 }, callback: \(callback) }
            output: { n: "1", list: [a, "2"], body: null }
            """,
            to: directory.path("t.yml")
        )
        let result = try Sluice(["test", "t.yml"], directory: directory.path)
        let told = result.output + result.errors
        #expect(told.contains(expected[number]), "\(told)")
        #expect(
            result.status == (number < 2 ? .exited(0) : .exited(1)),
            "\(told)"
        )
    }

    @Test func `answers have a status and header fields, which polls and tries obey`() throws {
        let directory = try TemporaryDirectory()
        try Files.write(
            """
            component:
              id: op
              type: http-client
              endpoint: http://127.0.0.1:9101/jobs
              completion: { type: polling, endpoint: "${http.headers.operation-location}", interval: 1s, timeout: 2h }
              output: { v: "${result.v}", s: "${http.status}", kind: "${http.headers.x-kind}" }
            workflow:
              id: op
              jobs: [ { id: op, component: op, retry: { max_attempt_count: 2, on: [429] } } ]
            """,
            to: directory.path("sluice.yml")
        )
        try Files.write(
            """
            requests:
              - { request: { method: POST }, answer: { status: 429, headers: { Retry-After: "3600" } } }
              - request: { method: POST }
                answer: { status: 202, headers: { Operation-Location: "http://127.0.0.1:9101/op/1" } }
              - request: { method: GET, url: "http://127.0.0.1:9101/op/1" }
                answer: { status: 202, headers: { Retry-After: "60" } }
              - request: { method: GET }
                answer: { status: 200, headers: { X-Kind: a }, body: { v: 1 } }
            output: { v: 1, s: 200, kind: a }
            ---
            requests: [ { request: {}, answer: { status: 302, headers: { Location: /elsewhere } } } ]
            error: redirected
            """,
            to: directory.path("t.yml")
        )
        let result = try Sluice(["test", "t.yml"], directory: directory.path)
        #expect(result.status == .exited(0), "\(result.output)\(result.errors)")
    }

    @Test(arguments: [
        good + "output: { n: 1 }", good,
        // An early callback, which is held.
        head + """
            requests:
              - request: {}
                answer: { after: 5s, body: { id: x-1 } }
                callback: { after: 1s, body: { id: x-1, status: done, result: early } }
            output: early
            """,
        // A retry, which takes no time.
        head + """
            requests:
              - { request: {}, answer: { status: 503 } }
              - request: {}
                callback: { after: 1s, body: { id: "${body.id}", status: done, result: 2 } }
            output: 2
            """,
        head + "requests: [{ request: {} }]\nerror: { code: callback_timeout, step: ask }",
        head
            + "requests: [{ request: {}, answer: { error: connect_failed } }]\nerror: connect_failed",
    ])
    func `what is as recorded passes`(_ text: String) throws {
        let result = try test(text)
        #expect(result.status == .exited(0), "\(result.output)\(result.errors)")
        #expect(result.output.contains("1 of 1 tests passed"))
    }

    @Test(arguments: [
        (good + "output: { n: 2 }", "differs: output.n: expected 2, found 1"),
        (good + "output: { }", "differs: output.n: not expected, found 1"),
        (good + "error: callback_failed", "differs: the run completed, and it should fail"),
        (
            head + "requests: [{ request: { body: { work: v } } }]",
            "request.body.work: expected \"v\", found \"w\""
        ),
        (
            good + "error: {code: x}\n---\n" + head
                + "requests: [{ request: {}, times: any, answer: { status: 404 } }]",
            "the run failed: http_status in step ask"
        ),
        (
            head + """
                requests:
                  - { request: {}, callback: { body: { id: nobody, status: done } } }
                error: callback_timeout
                """,
            "no step waited for the callback with the key `nobody`"
        ),
        (
            head + """
                requests:
                  - { request: {}, answer: { error: connect_failed } }
                  - { request: {} }
                error: connect_failed
                """,
            "request 2 (t.yml:5:5) was never sent"
        ),
        (
            head + "requests: [{ request: {}, callback: { endpoint: /x, body: {} } }]",
            "there is no callback endpoint `/x`; there are /done"
        ),
        (head + "workflow: other", "there is no workflow `other`"),
    ])
    func `what differs is told`(_ text: String, _ difference: String) throws {
        let result = try test(text)
        #expect(result.status == .exited(1))
        #expect(result.output.contains(difference), "\(result.output)\(result.errors)")
        #expect(result.output.contains("FAILED"))
    }

    @Test(arguments: [
        ("request: []", "unknown key `request`"),
        ("requests: [{ answr: {} }]", "unknown key `answr`"),
        ("requests: [{ request: { uri: x } }]", "unknown key `uri`"),
        ("requests: [{ request: {}, answer: { error: bad } }]", "`bad` is not an error code"),
        ("callback: {}", "the key `body` is missing"), ("", "the file has no test"),
    ])
    func `a file with mistakes runs nothing`(_ text: String, _ message: String) throws {
        let result = try test(text)
        #expect(result.status == .exited(1))
        #expect(result.errors.contains(message), "\(result.errors)")
        #expect(result.output.contains("0 of 0 tests passed"))
    }

    @Test func `a secret that the test does not name is an error`() throws {
        let result = try test("input: {}")
        #expect(result.status == .exited(1))
        #expect(result.errors.contains("the secret `KEY` has no value"))
    }

    @Test func `results come as JSON`() throws {
        let result = try test(Self.good + "output: { n: 2 }", ["--json"])
        let json = try result.json
        #expect(json["passed"] == .bool(false))
        guard case .array(let tests)? = json["tests"] else { throw KitError.malformed("tests") }
        #expect(tests.first?["file"]?.string == "t.yml")
        #expect(tests.first?["differences"] == .array([.string("output.n: expected 2, found 1")]))
    }

    @Test func `the example that is shown passes`() throws {
        let result = try Sluice(["test", PackageRoot.path("config/image-pipeline.test.yml")])
        #expect(result.status == .exited(0), "\(result.output)\(result.errors)")
    }

    @Test func `a file that is not there has the exit code 2`() throws {
        let result = try Sluice(["test", "/nowhere.yml"])
        #expect(result.status == .exited(2))
        #expect(result.errors.contains("Cannot read /nowhere.yml"))
    }

    private static let two = #"""
        listener: { type: http-callback, port: 8090, path: "/t/{id}", identify_by: "${path.id}", result: "${query.n}" }
        workflow:
          id: two
          jobs:
            - { id: a, type: wait, wait_for: a }
            - { id: b, type: wait, wait_for: b, depends_on: [a] }
          output: { a: "${jobs.a.output}", b: "${jobs.b.output}" }
        """#

    private func two(second: String) throws -> Sluice {
        let directory = try TemporaryDirectory()
        try Files.write(Self.two, to: directory.path("sluice.yml"))
        try Files.write(
            """
            callbacks:
              - { after: 1s, path: /t/a, query: { n: 1 }, body: {} }
              - { after: 2s, \(second), body: {} }
              - { after: 3s, path: /t/b, query: { n: 2 }, body: {} }
            output: { a: "1", b: "2" }
            """,
            to: directory.path("t.yml")
        )
        return try Sluice(["test", "-v", "t.yml"], directory: directory.path)
    }

    @Test func `the same callback again is a duplicate, as in the server`() throws {
        let result = try two(second: "path: /t/a, query: { n: 1 }")
        #expect(result.status == .exited(0), "\(result.output)")
        #expect(result.output.contains("with the key a: the same came before, a duplicate"))
    }

    @Test func `another query is another callback, which is refused`() throws {
        let result = try two(second: "path: /t/a, query: { n: 7 }")
        #expect(result.status == .exited(1))
        #expect(result.output.contains("with the key a is refused: callback_answered"))
    }

    @Test(arguments: [
        ("query: { n: 1 }", "`path` or `url` must say what stands for the parameters of /t/{id}"),
        ("path: /other", "/other is not a path of /t/{id}"),
    ]) func `a path that the endpoint does not have is told`(
        _ second: String,
        _ said: String
    ) throws {
        let result = try two(second: second)
        #expect(result.status == .exited(1))
        #expect(result.output.contains(said), "\(result.output)")
    }

    @Test func `what is sent to a path with parameters says what stands for them`() throws {
        let service = try ScriptedService { _ in .json(200, "{}") }
        let directory = try TemporaryDirectory()
        try Files.write(
            #"""
            listener: { type: http-callback, host: 127.0.0.1, port: \#(service.port), path: "/t/{id}", id: done,
                        identify_by: "${path.id}" }
            """#,
            to: directory.path("sluice.yml")
        )
        func send(_ endpoint: String) throws -> Sluice {
            try Sluice(["send", "callback", endpoint, "-d", "{}"], directory: directory.path)
        }
        let sent = try send("/t/a%20b?x=1")
        #expect(sent.status == .exited(0), "\(sent.errors)")
        #expect(service.requests.map(\.target) == ["/t/a%20b?x=1"])
        for endpoint in ["/t/{id}", "done"] {
            let refused = try send(endpoint)
            #expect(refused.status == .exited(2))
            #expect(refused.errors.contains("The path /t/{id} has parameters"), "\(refused.errors)")
        }
    }
}
