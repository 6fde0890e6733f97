import JSONWire
import TestKit
import Testing

/// A wait of a verified endpoint, and everything that a stranger with an HTTP client can try to end it.
@Suite struct StrangerTests {
    /// One try: what it sends, and the statuses that are right for it.
    private struct Try: Sendable {
        let name: String
        let statuses: Set<Int>
        let send: @Sendable (ServerFixture, String) throws -> [HTTPReply]
    }

    private static func plain(
        _ name: String,
        _ statuses: Set<Int>,
        method: String = "POST",
        target: String = "/in",
        headers: [(String, String)] = [("Content-Type", "application/json")],
        body: @escaping @Sendable (String) -> String = { #"{"id":"\#($0)"}"# }
    ) -> Try {
        Try(name: name, statuses: statuses) { fixture, key in
            [
                try fixture.at(8090).send(
                    method,
                    target,
                    headers: headers,
                    body: Array(body(key).utf8)
                )
            ]
        }
    }

    private static let tries: [Try] = [
        plain("another endpoint of the listener", [202], target: "/open"),
        plain("a bulk endpoint", [200, 202], target: "/many") { #"[{"id":"\#($0)"}]"# },
        plain("a verified bulk endpoint", [401], target: "/closed") { #"[{"id":"\#($0)"}]"# },
        plain("no signature", [401]),
        plain("a wrong signature", [401], headers: [wrong]),
        plain("doubled signature headers", [401], headers: [wrong, wrong]),
        plain("an empty signature", [401], headers: [("X-Hub-Signature-256", "")]),
        plain("the older header", [401], headers: [("X-Hub-Signature", wrong.1)]),
        plain("another method", [405], method: "PUT"),
        plain("an override of the method", [401], headers: [("X-HTTP-Method-Override", "PUT")]),
        plain("an override with GET", [405], method: "GET", headers: [override]),
        plain("OPTIONS", [204], method: "OPTIONS"),
        plain("TRACE", [405], method: "TRACE"),
        plain("a slash at the end", [404], target: "/in/"),
        plain("two slashes", [404], target: "//in"),
        plain("an escaped letter", [401], target: "/%69n"),
        plain("an escaped slash", [404], target: "/%2Fin"),
        plain("dots", [404, 401], target: "/open/../in"),
        plain("a parameter of the path", [404], target: "/in;a"),
        plain("capitals", [404], target: "/IN"),
        plain("a query", [401], target: "/in?signature=x"),
        plain("the whole URL", [401], target: "http://127.0.0.1/in"),
        plain("a long body", [401], body: long),
        plain("a form", [401], headers: [("Content-Type", "application/x-www-form-urlencoded")]) {
            "id=\($0)"
        },
        Try(name: "HEAD", statuses: [200]) { fixture, _ in
            [try fixture.at(8090).send("HEAD", "/in")]
        },
        Try(name: "a chunked body", statuses: [401]) { fixture, key in
            let body = #"{"id":"\#(key)"}"#
            return try raw(
                fixture,
                head("Transfer-Encoding: chunked")
                    + "\(String(body.utf8.count, radix: 16))\r\n\(body)\r\n0\r\n\r\n"
            )
        },
        Try(name: "Expect: 100-continue", statuses: [100, 401]) { fixture, key in
            let body = #"{"id":"\#(key)"}"#
            let connection = try RawConnection(port: fixture.ports[8090])
            try connection.send(
                head("Content-Length: \(body.utf8.count)", "Expect: 100-continue")
            )
            let first = try connection.readReply()
            try connection.send(body)
            return [first, try connection.readReply()]
        },
        Try(name: "a head that was right for another body", statuses: [202, 401]) { fixture, key in
            let connection = try RawConnection(port: fixture.ports[8090])
            let (right, forged) = try messages(key)
            try connection.send(right)
            let first = try connection.readReply()
            try connection.send(forged)
            return [first, try connection.readReply()]
        },
        Try(name: "a pipelined request behind a right one", statuses: [202, 200, 401]) {
            fixture,
            key in
            let connection = try RawConnection(port: fixture.ports[8090])
            let (right, forged) = try messages(key)
            try connection.send(right + forged + right + forged)
            return try (0..<4).map { _ in try connection.readReply() }
        },
    ]

    private static let wrong = (
        "X-Hub-Signature-256", "sha256=" + String(repeating: "0", count: 64)
    )
    private static let override = ("X-HTTP-Method-Override", "POST")

    private static func long(_ key: String) -> String {
        #"{"id":"\#(key)","more":"\#(String(repeating: "x", count: 300_000))"}"#
    }

    private static func head(_ fields: String...) -> String {
        (["POST /in HTTP/1.1", "Host: a", "Content-Type: application/json"] + fields + ["", ""])
            .joined(separator: "\r\n")
    }

    private static func raw(_ fixture: ServerFixture, _ text: String) throws -> [HTTPReply] {
        let connection = try RawConnection(port: fixture.ports[8090])
        try connection.send(text)
        return [try connection.readReply()]
    }

    /// A request that is signed for another key, and one with the same head for this one.
    private static func messages(_ key: String) throws -> (right: String, forged: String) {
        let other = "\(key.dropLast())!"
        let body = #"{"id":"\#(other)"}"#
        let fields = try SigningSender(SenderBlocks.github).headers(Array(body.utf8))
            .map { "\($0.0): \($0.1)" }
        let head =
            (["POST /in HTTP/1.1", "Host: a", "Content-Type: application/json"] + fields
            + ["Content-Length: \(body.utf8.count)", "", ""]).joined(separator: "\r\n")
        return (head + body, head + #"{"id":"\#(key)"}"#)
    }

    @Test func `a stranger cannot end a wait of a verified endpoint`() throws {
        let fixture = try ServerFixture(SenderBlocks.mixed(SenderBlocks.github))
        defer { fixture.stop() }
        for (index, attempt) in Self.tries.enumerated() {
            let key = "key-\(index)"
            let run = try fixture.wait(for: key)
            for reply in try attempt.send(fixture, key) {
                #expect(
                    attempt.statuses.contains(reply.status),
                    "\(attempt.name): \(reply.status) \(reply.text)"
                )
                if reply.status == 401 { try fixture.expectUnverified(reply, attempt.name) }
            }
            #expect(try fixture.state(run)["status"] == .string("waiting"), "\(attempt.name)")
            let reply = try fixture.github(#"{"id":"\#(key)","by":"its sender"}"#)
            try expect(reply, .delivered)
            #expect(try fixture.output(run)["by"] == .string("its sender"), "\(attempt.name)")
        }
    }

    @Test func `a large body that is signed ends the wait, and one bit of it does not`() throws {
        let fixture = try ServerFixture(SenderBlocks.mixed(SenderBlocks.github))
        defer { fixture.stop() }
        let run = try fixture.wait(for: "large")
        let body = Self.long("large")
        let headers = try SigningSender(SenderBlocks.github).headers(Array(body.utf8))
        var other = Array(body.utf8)
        other[100_000] ^= 1
        let json = [("Content-Type", "application/json")]
        let wrong = try fixture.at(8090).send("POST", "/in", headers: json + headers, body: other)
        try fixture.expectUnverified(wrong, "one bit")
        #expect(try fixture.state(run)["status"] == .string("waiting"))
        try expect(try fixture.post("/in", body, headers: headers), .delivered)
        _ = try fixture.output(run)
    }

    @Test func `a request that was refused starts nothing when it is replayed`() throws {
        let directory = try TemporaryDirectory()
        let store = #"{ path: "\#(directory.path("store"))" }"#
        let fixture = try ServerFixture(
            SenderBlocks.mixed(SenderBlocks.github, store: store),
            isDurable: true
        )
        defer { fixture.stop() }
        let run = try fixture.wait(for: "replayed")
        let reply = try fixture.post("/in", #"{"id":"replayed"}"#)
        try fixture.expectUnverified(reply, "unsigned")
        let entry = try fixture.request(reply, is: "rejected")
        #expect(entry["code"] == .string("unauthorized"))
        let reason = entry["reason"]?.string ?? ""
        #expect(
            reason == "Not verified by github: The header x-hub-signature-256 is missing.",
            "\(entry.jsonText)"
        )
        let id = try #require(entry["request_id"]?.string)
        let refused = try fixture.replay(id)
        #expect(refused["code"] == .string("request_unverified"))
        #expect(try fixture.state(run)["status"] == .string("waiting"))
        let wanted = try fixture.replay(id, #"{"accept_unverified":true}"#)
        #expect(wanted["status"] == .integer(200), "\(wanted.jsonText)")
        _ = try fixture.output(run)
    }

    @Test func `triggers and bulk requests are verified whole before anything is started`() throws {
        let fixture = try ServerFixture(SenderBlocks.mixed(SenderBlocks.github))
        defer { fixture.stop() }
        try fixture.expectUnverified(
            try fixture.post("/go", #"{"key":"a"}"#, on: 8091),
            "a trigger"
        )
        #expect(try fixture.asked("/tasks")["tasks"]?.elements.count == 0)
        let started = try fixture.github(#"{"key":"a"}"#, to: "/go", on: 8091)
        try fixture.state(try triggered(started), reaches: "waiting")
        let unsigned = try fixture.post("/closed", #"[{"id":"b"},{"id":"c"}]"#)
        try fixture.expectUnverified(unsigned, "bulk")
        let signed = try fixture.github(#"[{"id":"b"},{"id":"c"}]"#, to: "/closed")
        #expect(signed.status == 200, "\(signed.text)")
    }
}
