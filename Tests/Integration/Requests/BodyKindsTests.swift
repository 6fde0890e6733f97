import JSONWire
import Primitives
import TestKit
import Testing

/// Bodies of every kind as expressions see them: a trigger's run gives its input back.
@Suite struct BodyKindsTests {
    private static let block = Block(
        text: #"""
            listeners:
              - type: http-callback
                port: 8090
                callbacks:
                  - { path: /done, identify_by: "${body.task_id}" }
                  - { path: /many, bulk: true, identify_by: "${item.task_id}" }
                  - { path: /status, identify_by: "${query.run}", status: "${body.status}",
                      success_when: [OK], fail_when: [ERROR], result: "${query}" }
              - type: http-trigger
                port: 8091
                triggers:
                  - { path: /echo, workflow: echo }
                  - { path: /query, workflow: echo, input: "${query}" }
                  - { path: /many, workflow: echo, bulk: true, item: "${body.items}" }
            components:
              - { id: say, type: logger, message: "echo", output: "${input}" }
            workflows:
              - id: echo
                jobs: [ { id: say, component: say, input: "${input}" } ]

            """# + Completion.controller
    )

    private static func send(
        _ fixture: ServerFixture,
        _ target: String,
        on port: Int = 8091,
        _ type: String?,
        _ body: [UInt8]
    ) throws -> HTTPReply {
        let fields = type.map { [("Content-Type", $0)] } ?? []
        return try fixture.at(port).send(
            "POST",
            target,
            headers: fields + [("Prefer", "wait=20")],
            body: body
        )
    }

    private static func echo(
        _ fixture: ServerFixture,
        _ type: String?,
        _ body: [UInt8]
    ) throws -> JSONValue {
        let reply = try send(fixture, "/echo", type, body)
        try #require(reply.status == 200, "\(type ?? "") \(reply.text)")
        return try #require(JSONValue.parse(reply.body)["output"], "\(reply.text)")
    }

    private static let form = "application/x-www-form-urlencoded"

    @Test func `every kind of body is a value`() throws {
        let fixture = try ServerFixture(Self.block)
        defer { fixture.stop() }
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let json = Array(#"{"a":"é"}"#.utf8)
        let cases: [(String?, [UInt8], String)] = [
            (nil, json, #"{"a":"é"}"#), ("text/json", json, #"{"a":"é"}"#),
            ("application/json; charset=\"utf-8\"", json, #"{"a":"é"}"#),
            ("application/json", mark + json, #"{"a":"é"}"#),
            (
                "application/json; charset=ISO-8859-1",
                Array(#"{"a":""#.utf8) + [0xE9] + Array(#""}"#.utf8), #"{"a":"é"}"#
            ),
            (
                Self.form, mark + Array("a=1&b=91%+x&a=2&c=%E9".utf8),
                #"{"a":["1","2"],"b":"91% x","c":"\#u{FFFD}"}"#
            ),
            ("\(Self.form); charset=windows-1252", Array("c=%80".utf8), #"{"c":"€"}"#),
            (
                Self.form, Array("charset=windows-1252&c=%ED".utf8),
                #"{"charset":"windows-1252","c":"í"}"#
            ),
            ("text/plain; charset=iso-8859-1", [0xE9], #""é""#),
            ("text/plain", [0xE9], "\"\u{FFFD}\""),
            ("text/csv", mark + Array("a,b".utf8), #""a,b""#),
            ("text/plain", [0xFF, 0xFE, 0x61, 0], #""a""#),
            ("application/xml", Array("<a/>".utf8), #""<a/>""#),
            ("application/atom+xml", Array("<a/>".utf8), #""<a/>""#),
            (
                "application/xml", Array("<?xml version='1.0' encoding='latin1'?>".utf8) + [0xE9],
                #""<?xml version='1.0' encoding='latin1'?>é""#
            ),
            (
                "application/octet-stream", [0, 0xFF],
                #"{"content_type":"application/octet-stream","size":2,"base64":"AP8="}"#
            ),
        ]
        for (type, body, expected) in cases {
            let value = try Self.echo(fixture, type, body)
            #expect(value == (try JSONValue.parse(expected)), "\(type ?? "none") \(body)")
        }
    }

    @Test func `a query is read as a form`() throws {
        let fixture = try ServerFixture(Self.block)
        defer { fixture.stop() }
        let reply = try Self.send(
            fixture,
            "/query?a=%zz&b=%E9&c=1&c=2&d=50%&_charset_=latin1",
            nil,
            []
        )
        let expected = #"{"a":"%zz","b":"é","c":["1","2"],"d":"50%","_charset_":"latin1"}"#
        #expect(try JSONValue.parse(reply.body)["output"] == JSONValue.parse(expected))
    }

    @Test func `parts are fields, lists, files and JSON`() throws {
        let fixture = try ServerFixture(Self.block)
        defer { fixture.stop() }
        func part(_ head: String, _ body: [UInt8]) -> [UInt8] {
            Array("--b\r\nContent-Disposition: form-data; \(head)\r\n\r\n".utf8) + body
                + Array("\r\n".utf8)
        }
        let text = { (text: String) in Array(text.utf8) }
        let body =
            [0xEF, 0xBB, 0xBF] + part("name=to", text("a")) + part("name=to", text("b"))
            + part("name=latin", [0x63, 0xE9])
            + part("name=said\r\nContent-Type: text/plain; charset=iso-8859-1", [0xE9])
            + part("name=payload\r\nContent-Type: application/json", text(#"{"task_id":"x"}"#))
            + part(
                "name=f; filename=\"a%22.bin\"\r\nContent-Type: application/octet-stream",
                [0, 0xFF]
            )
            + part("name=f; filename=t.txt\r\nContent-Type: text/plain", text("t"))
            + text("--b--\r\n")
        let value = try Self.echo(fixture, "multipart/form-data; boundary=b", body)
        let expected = #"""
            {"to":["a","b"],"latin":"c\#u{FFFD}","said":"é","payload":{"task_id":"x"},"f":[
            {"filename":"a\".bin","content_type":"application/octet-stream","size":2,"base64":"AP8="},
            {"filename":"t.txt","content_type":"text/plain","size":1,"text":"t"}]}
            """#
        #expect(value == (try JSONValue.parse(expected)), "\(value.jsonText)")
        let wrong = part("name=payload\r\nContent-Type: application/json", text("{"))
        let reply = try Self.send(
            fixture,
            "/echo",
            "multipart/form-data; boundary=b",
            wrong + text("--b--")
        )
        #expect(
            reply.status == 400 && reply.text.contains("`payload`") && reply.text.contains("byte 1")
        )
    }

    @Test func `lines of JSON are the items of a bulk, and of nothing else`() throws {
        let fixture = try ServerFixture(Self.block)
        defer { fixture.stop() }
        let lines = Array("\u{FEFF}{\"task_id\":\"1\"}\r\n\n{\"task_id\":\"2\"}\n".utf8)
        for type in ["application/x-ndjson", "application/jsonl", "application/ndjson"] {
            let started = try Self.send(fixture, "/many", type, lines)
            #expect(
                try JSONValue.parse(started.body)["tasks"]?.elements.count == 2,
                "\(started.text)"
            )
            let refused = try Self.send(fixture, "/echo", type, lines)
            #expect(refused.status == 415 && refused.text.contains("bulk"), "\(refused.text)")
            let one = try Self.send(fixture, "/done", on: 8090, type, lines)
            #expect(one.status == 415 && one.text.contains("bulk"), "\(one.text)")
        }
        let held = try Self.send(fixture, "/many", on: 8090, "application/x-ndjson", lines)
        #expect(try JSONValue.parse(held.body)["held"] == .integer(2), "\(held.text)")
        let wrong = try Self.send(fixture, "/many", "application/jsonl", Array("{}\n{x\n".utf8))
        #expect(wrong.status == 400 && wrong.text.contains("Line 2"), "\(wrong.text)")
    }

    @Test func `what is not taken is told what is`() throws {
        let fixture = try ServerFixture(Self.block)
        defer { fixture.stop() }
        let reply = try Self.send(fixture, "/echo", "application/pdf", [1])
        #expect(
            reply.status == 415 && reply.text.contains("Accepted media types: application/json")
        )
        for body: [UInt8] in [[0xFF, 0xFE, 0x7B, 0], [0x7B, 0, 0x22, 0], [0xFE, 0xFF, 0, 0x7B]] {
            let wide = try Self.send(fixture, "/echo", "application/json", body)
            #expect(wide.status == 400 && wide.text.contains("UTF-16"), "\(wide.text)")
        }
    }

    @Test func `JSON that was sent as a form is told so, and is no success`() throws {
        let fixture = try ServerFixture(Self.block)
        defer { fixture.stop() }
        let told =
            "The body looks like JSON but was read as a form because of its Content-Type \(Self.form)."
        for body in [#"{"task_id":"s2","u":"a=b&c"}"#, "%7B%22task_id%22%3A1%7D", " [1, 2]"] {
            let missing = try Self.send(fixture, "/done", on: 8090, Self.form, Array(body.utf8))
            #expect(missing.status == 422 && missing.text.contains(told), "\(missing.text)")
            #expect(missing.text.contains("key_missing") && !missing.text.contains("body.task_id"))
            let started = try Self.send(fixture, "/echo", Self.form, Array(body.utf8))
            #expect(started.status == 400 && started.text.contains(told), "\(started.text)")
        }
        for type in [Self.form, "text/plain"] {
            let failed = try Self.send(
                fixture,
                "/status?run=r",
                on: 8090,
                type,
                Array(#"{"status":"ERROR"}"#.utf8)
            )
            #expect(
                failed.status == 400 && failed.text.contains("looks like JSON"),
                "\(failed.text)"
            )
        }
        let form = try Self.send(fixture, "/done", on: 8090, Self.form, Array("task_id=a&x={".utf8))
        #expect(form.status == 202, "\(form.text)")
    }

    @Test func `who reads the log learns which expression names the key`() throws {
        let fixture = try ServerFixture(Self.block)
        defer { fixture.stop() }
        let reply = try Self.send(fixture, "/done", on: 8090, "application/json", Array("{}".utf8))
        #expect(reply.status == 422 && !reply.text.contains("body.task_id"))
        try eventually("the log to name the expression") {
            fixture.lines.text.contains("${body.task_id}")
        }
    }

    @Test func `a name that comes 200,000 times is a list`() throws {
        let fixture = try ServerFixture(Self.block)
        defer { fixture.stop() }
        let body = Array(String(repeating: "a&", count: 200_000).utf8)
        let reply = try Self.send(fixture, "/done", on: 8090, Self.form, body)
        #expect(reply.status == 422)
    }
}
