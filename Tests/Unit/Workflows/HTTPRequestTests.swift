import Documents
import JSONWire
import Primitives
import Testing

@testable import Workflows

/// What an http-client sends.
@Suite struct HTTPRequestTests {
    static func request(_ component: String, input: String = "{}") throws -> HTTPCall {
        let fixture = PlanFixture(
            "component: { id: s, type: http-client, \(component) }\n"
                + "workflow: { jobs: [ { id: a, component: s } ] }"
        )
        #expect(fixture.findings == [])
        var stage = try #require(RunMachineFixture(fixture))
        stage.start(input)
        return try #require(stage.request("a"))
    }

    @Test(arguments: [
        ("http://h/v1", "/x", "http://h/v1/x"), ("http://h/v1/", "x", "http://h/v1/x"),
        ("http://h/v1/", "/x", "http://h/v1/x"), ("http://h", "x?y=1", "http://h/x?y=1"),
        ("http://h", "/a b/é", "http://h/a%20b/%C3%A9"), ("http://h", "/a%20b", "http://h/a%20b"),
        ("http://h/v1", "https://other/y", "https://other/y"), ("http://h/v1", "", "http://h/v1"),
        ("http://h/v1", "?q=1", "http://h/v1?q=1"),
    ])
    func `base and path are joined with one slash`(base: String, path: String, url: String) {
        #expect(URLJoin.join(base: base, path: path) == url)
    }

    @Test func `parameters are encoded, null is dropped, lists repeat`() throws {
        let call = try Self.request(
            #"base_url: "http://h", path: "/x?a=1", method: get, params: { q: "a b&c", n: "${input.none}", l: [1, true], o: { k: 1 } }"#
        )
        #expect(call.method == "GET")
        #expect(call.url == "http://h/x?a=1&q=a%20b%26c&l=1&l=true&o=%7B%22k%22%3A1%7D")
    }

    @Test(arguments: [
        ("{ a: [1, null], b: true }", nil, "application/json", #"{"a":[1,null],"b":true}"#),
        ("[1, 2]", nil, "application/json", "[1,2]"),
        ("hello", nil, "text/plain; charset=utf-8", "hello"),
        ("{ a: 1 }", "application/vnd.x+json", "application/vnd.x+json", #"{"a":1}"#),
        (
            "{ a: x y, n: null, l: [1, 2], m: { k: v } }", "application/x-www-form-urlencoded",
            "application/x-www-form-urlencoded", "a=x%20y&l=1&l=2&m=%7B%22k%22%3A%22v%22%7D"
        ),
        ("plain", "text/csv", "text/csv", "plain"),
    ])
    func `a body goes as its type says, a map without type as JSON`(
        body: String,
        type: String?,
        sent: String,
        bytes: String
    ) throws {
        let headers = type.map { "headers: { content-type: \"\($0)\" }, " } ?? ""
        let call = try Self.request("endpoint: \"http://h\", \(headers)body: \(body)")
        let types = call.headers.filter { $0.name.lowercased() == "content-type" }
        #expect(types.map(\.value) == [sent])
        #expect(String(decoding: call.body ?? [], as: UTF8.self) == bytes)
    }

    @Test func `a null body is none`() throws {
        #expect(try Self.request(#"endpoint: "http://h", body: "${input.b}""#).body == nil)
    }

    @Test func `the action's headers win without regard to case, and null takes one out`() throws {
        let call = try Self.request(
            #"base_url: "http://h", headers: { X-A: one, X-B: two, X-C: "${input.c}" }, action: { path: /x, headers: { x-a: three, x-b: null } }"#
        )
        let shown = call.headers.filter { $0.name.lowercased().hasPrefix("x-") }
        #expect(shown.map { "\($0.name): \($0.value)" } == ["x-a: three"])
    }

    @Test func `a header that would break out of its line fails the step`() throws {
        let fixture = PlanFixture(
            #"""
            component: { id: s, type: http-client, endpoint: "http://h", headers: { X-A: "${input.v}" } }
            workflow: { jobs: [ { id: a, component: s } ] }
            """#
        )
        var stage = try #require(RunMachineFixture(fixture))
        stage.start(#"{"v":"a\r\nX-Evil: 1"}"#)
        #expect(stage.failure?.code == .requestInvalid)
        #expect(stage.failure?.message.contains("Evil") == false)
    }

    @Test(arguments: ["multipart/mixed"])
    func `a type that cannot be sent fails the step`(type: String) throws {
        let fixture = PlanFixture(
            """
            component: { id: s, type: http-client, endpoint: "http://h", headers: { Content-Type: \(type) }, body: { a: 1 } }
            workflow: { jobs: [ { id: a, component: s } ] }
            """
        )
        var stage = try #require(RunMachineFixture(fixture))
        stage.start()
        #expect(stage.failure?.code == .requestInvalid)
    }

    @Test func `a URL that is none fails the step`() throws {
        let fixture = PlanFixture(
            #"""
            component: { id: s, type: http-client, endpoint: "${input.url}" }
            workflow: { jobs: [ { id: a, component: s } ] }
            """#
        )
        var stage = try #require(RunMachineFixture(fixture))
        stage.start(#"{"url":"file:///etc/passwd"}"#)
        #expect(stage.failure?.code == .requestInvalid)
    }

    @Test(arguments: [
        ("application/json", #"{"a":1}"#, #"{"a":1}"#), ("text/plain", "hi", #""hi""#),
        ("application/problem+json; charset=utf-8", "[1]", "[1]"), ("", "", "null"),
        ("application/json", "", "null"),
    ])
    func `a response is read by its type`(type: String, body: String, value: String) throws {
        let call = try Self.request(#"endpoint: "http://h""#)
        guard
            case .success(let found, 200, _) = call.outcome(
                status: 200,
                contentType: type.isEmpty ? nil : type,
                body: Array(body.utf8)
            )
        else {
            Issue.record("no success")
            return
        }
        #expect(found.text == value)
    }

    @Test func `JSON that is none is a failure that names the URL without its query`() throws {
        let call = try Self.request(#"endpoint: "http://h/x?token=secret""#)
        guard
            case .failure(let failure) = call.outcome(
                status: 200,
                contentType: "application/json",
                body: Array("{x".utf8)
            )
        else {
            Issue.record("no failure")
            return
        }
        #expect(failure.code == .responseInvalid)
        #expect(
            failure.message.hasPrefix(
                "POST http://h/x answered 200 with a body that is not the JSON it claims"
            )
        )
    }

    @Test func `a refusal shows the first kilobyte of the body`() throws {
        let call = try Self.request(#"endpoint: "http://h/x""#)
        let long = String(repeating: "e", count: 3000)
        guard
            case .failure(let failure) = call.outcome(
                status: 500,
                contentType: "text/plain",
                body: Array(long.utf8)
            )
        else {
            Issue.record("no failure")
            return
        }
        #expect(failure.message.hasPrefix("POST http://h/x answered 500: eeee"))
        #expect(failure.message.utf8.count < 1100)
    }
}
