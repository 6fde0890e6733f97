import JSONWire
import Primitives
import TestKit
import Testing
import Workflows

@Suite struct HTTPClientTests {
    private static func call(_ keys: String, more: String = "") -> String {
        """
        components: { call: { type: http-client, base_url: SERVICE, \(keys) } }
        workflow: { jobs: [ { id: call, component: call, input: "${input}"\(more) } ] }
        """
    }

    private static let input = #"{"a":1,"b":null,"c":[true,"x y"],"d":{"e":"ü"}}"#

    @Test(arguments: [
        ("", "application/json", #"{"a":1,"b":null,"c":[true,"x y"],"d":{"e":"ü"}}"#),
        (
            "application/vnd.x+json", "application/vnd.x+json",
            #"{"a":1,"b":null,"c":[true,"x y"],"d":{"e":"ü"}}"#
        ),
        (
            "application/x-www-form-urlencoded", "application/x-www-form-urlencoded",
            "a=1&c=true&c=x%20y&d=%7B%22e%22%3A%22%C3%BC%22%7D"
        ),
        ("text/plain", "text/plain", #"{"a":1,"b":null,"c":[true,"x y"],"d":{"e":"ü"}}"#),
        (
            "multipart/form-data", "multipart/form-data; boundary=sluice-0",
            "--sluice-0\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n"
                + "--sluice-0\r\nContent-Disposition: form-data; name=\"c\"\r\n\r\ntrue\r\n"
                + "--sluice-0\r\nContent-Disposition: form-data; name=\"c\"\r\n\r\nx y\r\n"
                + "--sluice-0\r\nContent-Disposition: form-data; name=\"d\"\r\nContent-Type: application/json\r\n\r\n{\"e\":\"ü\"}\r\n--sluice-0--\r\n"
        ),
    ])
    func `a body is encoded as its type says`(_ type: String, _ sent: String, _ body: String) throws
    {
        let headers = type.isEmpty ? "" : "headers: { content-type: \(type) },"
        let fixture = try ComponentsFixture(
            Self.call("\(headers) path: /in, body: \"${input}\""),
            routes: ["POST /in": { _ in .json(200, "{}") }]
        )
        _ = try fixture.output(Self.input)
        let request = try #require(fixture.service.requests.first)
        #expect(request.headers["content-type"] == sent)
        #expect(request.text == body)
    }

    @Test func `a file goes as a part of its own`() throws {
        let fixture = try ComponentsFixture(
            Self.call(
                "path: /in, headers: { Content-Type: multipart/form-data }, body: \"${input}\""
            ),
            routes: ["POST /in": { _ in .json(200, "{}") }]
        )
        _ = try fixture.output(
            #"{"f":{"filename":"a\"b.bin","content_type":"image/png","base64":"AP8tLXNsdWljZS0w"}}"#
        )
        let request = try #require(fixture.service.requests.first)
        // The content holds the first boundary, so that the second one is taken.
        #expect(request.headers["content-type"] == "multipart/form-data; boundary=sluice-1")
        let head =
            "--sluice-1\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a%22b.bin\"\r\nContent-Type: image/png\r\n\r\n"
        #expect(
            request.body == Array(head.utf8) + [0, 255]
                + Array("--sluice-0\r\n--sluice-1--\r\n".utf8)
        )
        let failure = try fixture.start(#"{"f":{"filename":"a","base64":"%%%%"}}"#).failure()
        #expect(failure.code == .requestInvalid)
    }

    @Test(arguments: [
        (204, "", "", "null"), (200, "", #"{"x":1}"#, #"{"x":1}"#), (200, "", "plain", #""plain""#),
        (200, "application/problem+json; charset=utf-8", "[1]", "[1]"),
        (200, "text/html", "{}", #""{}""#), (200, "image/png", "\u{FF}", #""ÿ""#),
        (200, "application/json", "", "null"),
    ])
    func `a response is read by its type`(
        _ status: Int,
        _ type: String,
        _ body: String,
        _ value: String
    ) throws {
        let fixture = try ComponentsFixture(
            Self.call("path: /out, method: GET"),
            routes: [
                "GET /out": { _ in
                    var answer = ScriptedAnswer(status: status)
                    if !type.isEmpty { answer.headers = [("Content-Type", type)] }
                    answer.body = Array(body.utf8)
                    return answer
                }
            ]
        )
        #expect(try fixture.output() == value)
    }

    @Test func `bytes that are no text are base64`() throws {
        let fixture = try ComponentsFixture(
            Self.call("path: /out, method: GET"),
            routes: [
                "GET /out": { _ in
                    var answer = ScriptedAnswer(status: 200)
                    answer.headers = [("Content-Type", "image/png")]
                    answer.body = [0x89, 0x50, 0xFF, 0x00]
                    return answer
                }
            ]
        )
        #expect(try fixture.output() == #""iVD/AA==""#)
    }

    @Test(arguments: [
        (
            "",
            #"[{"id":"7","event":"message","data":"{\"t\":\"Hel\"}"},{"id":null,"event":"end","data":"[DONE]"}]"#
        ),
        (", stream_format: json", #"[{"t":"Hel"}]"#),
        (", stream_format: text", #""{\"t\":\"Hel\"}[DONE]""#),
    ])
    func `a stream of events is read to its end`(_ format: String, _ value: String) throws {
        let fixture = try ComponentsFixture(
            Self.call("path: /stream, method: GET\(format)"),
            routes: [
                "GET /stream": { _ in
                    var answer = ScriptedAnswer(status: 200)
                    answer.headers = [("Content-Type", "text/event-stream; charset=utf-8")]
                    answer.body = Array(
                        ": hello\r\nid: 7\r\ndata: {\"t\":\"Hel\"}\r\n\r\nevent: end\ndata:[DONE]\n\n"
                            .utf8
                    )
                    return answer
                }
            ]
        )
        #expect(try fixture.output() == value)
    }

    @Test func `parameters and a redirect`() throws {
        let fixture = try ComponentsFixture(
            Self.call(
                #"path: /a?x=1, method: GET, params: { q: "${input.c}", n: "${input.b}" }, output: "${response.ok}""#
            ),
            routes: [
                "GET /a": { _ in
                    var answer = ScriptedAnswer(status: 302)
                    answer.headers = [("Location", "/b")]
                    return answer
                },
                "GET /b": { _ in .json(200, #"{"ok":"yes"}"#) },
            ]
        )
        #expect(try fixture.output(Self.input) == #""yes""#)
        #expect(fixture.service.requests.map(\.target) == ["/a?x=1&q=true&q=x%20y", "/b"])
    }

    @Test func `a refusal is told with its status and body, and can be tried again`() throws {
        let fixture = try ComponentsFixture(
            Self.call(
                "path: /in?token=secret, body: {}",
                more: ", retry: { max_attempts: 3, delay: 10ms }"
            ),
            routes: [
                "POST /in": { request in
                    request.number < 3
                        ? .json(503, #"{"why":"busy"}"#) : .json(200, #"{"ok":true}"#)
                }
            ]
        )
        #expect(try fixture.output() == #"{"ok":true}"#)
        let keys = Set(fixture.service.requests.compactMap { $0.headers["idempotency-key"] })
        #expect(fixture.service.requests.count == 3 && keys.count == 1)
    }

    @Test func `a failed step names URL, status and body, and no secret`() throws {
        let fixture = try ComponentsFixture(
            Self.call("path: /in?token=secret, body: {}"),
            routes: ["POST /in": { _ in .json(403, #"{"why":"no"}"#) }]
        )
        let failure = try fixture.start().failure()
        #expect(failure.code == .httpStatus && failure.step == "call" && failure.attempt == 1)
        #expect(failure.message == #"POST \#(fixture.service.url)/in answered 403: {"why":"no"}"#)
        #expect(failure.result.jsonText == #"{"why":"no"}"#)
    }

    @Test func `a service that does not answer is given up`() throws {
        let open = Watched(false)
        let fixture = try ComponentsFixture(
            Self.call("path: /in, body: {}, timeout: 200ms"),
            routes: [
                "POST /in": { _ in
                    _ = open.wait(until: .standard) { $0 ? true : nil }
                    return .status(204)
                }
            ]
        )
        #expect(try fixture.start().failure().code == .requestTimeout)
        open.withLock { $0 = true }
    }

    @Test func `nobody listening, and JSON that is none`() throws {
        let fixture = try ComponentsFixture(
            Self.call("path: /out, method: GET"),
            routes: ["GET /out": { _ in .json(200, "{no") }]
        )
        #expect(try fixture.start().failure().code == .responseInvalid)
        let gone = try ComponentsFixture(
            """
            components: { call: { type: http-client, endpoint: "http://127.0.0.1:\(FreePorts.next())/" } }
            workflow: { jobs: [ { id: call, component: call } ] }
            """
        )
        #expect(try gone.start().failure().code == .connectFailed)
    }

    @Test func `polling goes on until the status says so`() throws {
        let fixture = try ComponentsFixture(
            Self.call(
                """
                path: /jobs, body: {}, output: { id: "${response.id}", url: "${result.url}" },
                completion: { type: polling, path: "/jobs/${response.id}", status: "${result.state}",
                              success_when: done, fail_when: broken, interval: 20ms, timeout: 10s }
                """
            ),
            routes: [
                "POST /jobs": { _ in .json(202, #"{"id":"j1"}"#) },
                "GET /jobs/j1": { request in
                    switch request.number {
                    case 2: .json(404, #"{"state":"unknown"}"#)
                    case 3: .hangUp
                    default: .json(200, #"{"state":"done","url":"u"}"#)
                    }
                },
            ]
        )
        #expect(try fixture.output() == #"{"id":"j1","url":"u"}"#)
    }

    @Test func `polling by the HTTP status, its failure and its deadline`() throws {
        let fixture = try ComponentsFixture(
            """
            components:
              call:
                type: http-client
                base_url: SERVICE
                path: /jobs
                body: {}
                completion: { type: polling, path: "/${input}", fail_when: [ 410, 5xx ], interval: 20ms, timeout: 300ms }
            workflow: { jobs: [ { id: call, component: call, input: "${input}" } ] }
            """,
            routes: [
                "POST /jobs": { _ in .json(202, "{}") },
                "GET /done": { _ in .json(200, #"{"ok":1}"#) },
                "GET /gone": { _ in .json(410, "{}") }, "GET /never": { _ in .json(404, "{}") },
            ]
        )
        #expect(try fixture.output(#""done""#) == #"{"ok":1}"#)
        let gone = try fixture.start(#""gone""#).failure()
        #expect(gone.message == "polling ended with the status '410'")
        #expect(try fixture.start(#""never""#).failure().code == .requestTimeout)
    }

    @Test func `a poll that hangs does not outlast the polling`() throws {
        let open = Watched(false)
        let fixture = try ComponentsFixture(
            Self.call(
                "path: /jobs, body: {}, completion: { type: polling, path: /hang, interval: 10ms, timeout: 200ms }"
            ),
            routes: [
                "POST /jobs": { _ in .json(202, "{}") },
                "GET /hang": { _ in
                    _ = open.wait(until: .standard) { $0 ? true : nil }
                    return .status(204)
                },
            ]
        )
        #expect(try fixture.start().failure().code == .requestTimeout)
        open.withLock { $0 = true }
    }
}
