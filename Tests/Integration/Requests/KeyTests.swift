import JSONWire
import TestKit
import Testing

/// Keys that differ are never one, whatever they are made of.
@Suite struct KeyTests {
    private func fixture(_ endpoint: String) throws -> ServerFixture {
        try CallbackIdentityTests.fixture(endpoint)
    }

    private func code(_ reply: HTTPReply) throws -> String? {
        try JSONValue.parse(reply.body)["code"]?.string
    }

    /// Endpoints that read a key the quick way and the long one.
    private static let ways = [
        #"path: /k, identify_by: "${body.id}""#,
        #"path: /k, identify_by: "${body.id | query.id}""#,
        #"path: /k, identify_by: "${body.id}", result: "${query}""#,
    ]

    @Test(arguments: ways, [#"k\ud83d"#, #"\ude00k"#, #"\ud83d\ud83d"#, #"k\ufffd"#, "k\u{FFFD}"])
    func `a key with half of a surrogate pair is refused`(_ way: String, _ key: String) throws {
        let fixture = try fixture(way)
        defer { fixture.stop() }
        let reply = try fixture.post("/k", #"{"id":"\#(key)"}"#)
        try expect(reply, .refused(422))
        #expect(try code(reply) == "key_invalid")
    }

    @Test(arguments: ways) func `a whole pair is a key`(_ way: String) throws {
        let fixture = try fixture(way)
        defer { fixture.stop() }
        _ = try fixture.wait(for: "k😀")
        try expect(fixture.post("/k", #"{"id":"k\ud83d\ude00"}"#), .delivered)
    }

    @Test(arguments: ways) func `texts that look alike or end alike are kept apart`(
        _ way: String
    ) throws {
        let fixture = try fixture(way)
        defer { fixture.stop() }
        for key in [#"caf\u00e9"#, #"a\u0000b"#, "A", #"\u212b"#] { _ = try fixture.wait(for: key) }
        for key in [#"cafe\u0301"#, #"a\u0000c"#, "a", #"\u00c5"#] {
            try expect(fixture.post("/k", #"{"id":"\#(key)"}"#), .held)
        }
        for key in [#"caf\u00e9"#, #"a\u0000b"#, "A", #"\u212b"#] {
            try expect(fixture.post("/k", #"{"id":"\#(key)"}"#), .delivered)
        }
    }

    @Test func `in a bulk they are refused one by one`() throws {
        let fixture = try fixture(#"path: /b, bulk: true, identify_by: "${item.id}""#)
        defer { fixture.stop() }
        let items = [#"a\ud83d"#, "b", #"a\ud83e"#].map { #"{"id":"\#($0)"}"# }
        let reply = try fixture.post("/b", "[\(items.joined(separator: ","))]")
        let told = try JSONValue.parse(reply.body)
        #expect(told["held"] == .integer(1))
        let codes = told["rejected"]?.elements.compactMap { $0["code"]?.string }
        #expect(codes == ["key_invalid", "key_invalid"])
    }

    @Test(arguments: ["%ff", "a%fe", "%c3", "%ed%a0%bd"])
    func `a key in a query that is not UTF-8 is refused`(_ key: String) throws {
        let fixture = try fixture(#"path: /q, method: GET, identify_by: "${query.id}""#)
        defer { fixture.stop() }
        let sent = try fixture.at(8090).get("/q?id=\(key)")
        try expect(sent, .refused(422))
        #expect(try code(sent) == "key_invalid")
        let replaced = try fixture.at(8090).get("/q?id=k%ef%bf%bd")
        try expect(replaced, .refused(422))
        #expect(try code(replaced) == "key_invalid")
    }

    @Test func `a run cannot wait for one, and is told why`() throws {
        let fixture = try fixture(Self.ways[0])
        defer { fixture.stop() }
        let failure = try fixture.failure(fixture.start(#"{"key":"k\ud83d"}"#, workflow: "wait"))
        #expect(failure["code"] == .string("wait_key_invalid"))
        #expect(failure["message"]?.string?.contains("U+FFFD") == true, "\(failure.jsonText)")
        #expect(failure["message"]?.string?.contains("${input.key}") == true)
    }

    @Test func `what tells repeated ones is not one where halves of pairs differ`() throws {
        let fixture = try fixture(
            #"path: /d, identify_by: "${body.id}", deduplicate_by: "${body.event}", reuse_keys: true"#
        )
        defer { fixture.stop() }
        for _ in 0..<2 { _ = try fixture.wait(for: "k") }
        for half in [#"\ud83d"#, #"\ud83e"#] {
            let body = #"{"id":"k","event":"e\#(half)"}"#
            try expect(fixture.post("/d", body), .delivered)
            try expect(fixture.post("/d", body), .duplicate)
        }
    }
}
