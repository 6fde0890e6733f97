import JSONWire
import TestKit
import Testing

/// What is refused by the head alone is refused before the body is read, or asked for.
@Suite struct GateOrderTests {
    private static func head(_ token: String, _ fields: String...) -> String {
        (["POST /in HTTP/1.1", "Host: a", "Authorization: Bearer \(token)"] + fields + ["", ""])
            .joined(separator: "\r\n")
    }

    @Test func `a large body behind a wrong token is not read`() throws {
        let fixture = try ServerFixture(SenderBlocks.mixed(SenderBlocks.bearer))
        defer { fixture.stop() }
        for fields in [
            "Content-Length: 4000000", "Content-Length: 4000000\r\nExpect: 100-continue",
        ] {
            let connection = try RawConnection(port: fixture.ports[8090])
            // Nothing of the body is sent, and the answer is there.
            try connection.send(Self.head("wrong", fields))
            let reply = try connection.readReply()
            try fixture.expectUnverified(reply, fields)
            #expect(reply.headers["www-authenticate"] == #"Bearer realm="sluice""#)
            #expect(try connection.isClosedByPeer())
        }
        let chunked = try RawConnection(port: fixture.ports[8090])
        try chunked.send(Self.head("wrong", "Transfer-Encoding: chunked"))
        let piece = "10000\r\n" + String(repeating: "x", count: 0x10000) + "\r\n"
        // Of a body without a length 64 KiB are passed over.
        try chunked.send(piece)
        try chunked.send("1\r\nx\r\n")
        #expect(try chunked.readReply().status == 401)
        #expect(try chunked.isClosedByPeer())
    }

    @Test func `a head that repeats the one before is asked again`() throws {
        let fixture = try ServerFixture(SenderBlocks.mixed(SenderBlocks.bearer))
        defer { fixture.stop() }
        let connection = try RawConnection(port: fixture.ports[8090])
        let body = #"{"id":"a"}"#
        let wrong = Self.head("wrong", "Content-Length: 10") + body
        for _ in 0..<3 {
            try connection.send(wrong)
            #expect(try connection.readReply().status == 401)
        }
        try connection.send(
            Self.head(SenderBlocks.secret, "Content-Type: application/json", "Content-Length: 10")
                + body
        )
        #expect(try connection.readReply().status == 202)
        try connection.send(wrong)
        #expect(try connection.readReply().status == 401)
    }

    @Test func `who waits to be asked for the body is asked with the right token`() throws {
        let fixture = try ServerFixture(SenderBlocks.mixed(SenderBlocks.bearer))
        defer { fixture.stop() }
        let connection = try RawConnection(port: fixture.ports[8090])
        try connection.send(
            Self.head(
                SenderBlocks.secret,
                "Content-Type: application/json",
                "Content-Length: 10",
                "Expect: 100-continue"
            )
        )
        #expect(try connection.readReply().status == 100)
        try connection.send(#"{"id":"a"}"#)
        #expect(try connection.readReply().status == 202)
    }

    @Test func `all and any are refused by their heads where that is enough`() throws {
        let both = "{ all: [\(SenderBlocks.bearer), \(SenderBlocks.github)] }"
        let fixture = try ServerFixture(SenderBlocks.mixed(both))
        defer { fixture.stop() }
        let connection = try RawConnection(port: fixture.ports[8090])
        try connection.send(Self.head("wrong", "Content-Length: 4000000"))
        try fixture.expectUnverified(try connection.readReply(), "the bearer alone tells")
        let token = [("Authorization", "Bearer \(SenderBlocks.secret)")]
        let half = try fixture.post("/in", #"{"id":"a"}"#, headers: token)
        try fixture.expectUnverified(half, "the token without the signature")
        try fixture.expectUnverified(try fixture.github(#"{"id":"a"}"#), "the other half")
        let whole = try fixture.github(#"{"id":"a"}"#, further: token)
        try expect(whole, .held)

        let one = try ServerFixture(
            SenderBlocks.mixed("{ any: [\(SenderBlocks.bearer), \(SenderBlocks.github)] }")
        )
        defer { one.stop() }
        try expect(try one.post("/in", #"{"id":"a"}"#, headers: token), .held)
        try expect(try one.github(#"{"id":"b"}"#), .held)
        try one.expectUnverified(try one.post("/in", #"{"id":"c"}"#), "neither")
    }

    @Test func `an address that is not listed is refused`() throws {
        let fixture = try ServerFixture(
            SenderBlocks.mixed("{ all: [{ preset: ip, allow: [192.0.2.0/24] }] }")
        )
        defer { fixture.stop() }
        try fixture.expectUnverified(try fixture.post("/in", #"{"id":"a"}"#), "127.0.0.1")
        let own = try ServerFixture(SenderBlocks.mixed("{ preset: ip, allow: 127.0.0.0/8 }"))
        defer { own.stop() }
        try expect(try own.post("/in", #"{"id":"a"}"#), .held)
    }
}
