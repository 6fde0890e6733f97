import JSONWire
import Primitives
import Security
import TestKit
import Testing

/// Tokens whose keys are fetched, and what becomes of requests when the server of the keys does not do as it should.
@Suite struct KeySetServingTests {
    private let first: PrivateKey
    private let second: PrivateKey

    init() throws {
        first = try PrivateKey(generating: .p256)
        second = try PrivateKey(generating: .p256)
    }

    private static let verify =
        "{ preset: jwt, algorithms: [ES256], jwks_url: 'http://127.0.0.1:9101/keys', audience: me }"

    /// A key as a set has it; `id` names it.
    private static func jwk(_ key: PrivateKey, _ id: String) -> String {
        // The point stands at the end of the key's DER form, behind a 4 for "not compressed".
        let point = key.publicKey.der.suffix(64)
        let x = Base64URL.text(of: Array(point.prefix(32)))
        let y = Base64URL.text(of: Array(point.suffix(32)))
        return #"{"kty":"EC","crv":"P-256","kid":"\#(id)","alg":"ES256","x":"\#(x)","y":"\#(y)"}"#
    }

    /// A token; signed by ES256 unless `sign` does it.
    private static func token(
        _ key: PrivateKey?,
        _ id: String,
        algorithm: String = "ES256",
        audience: String = "me",
        sign: ((String) -> [UInt8])? = nil
    ) -> [(String, String)] {
        let now = WallTime.now().milliseconds / 1000
        let parts = [
            #"{"alg":"\#(algorithm)","kid":"\#(id)"}"#,
            #"{"aud":"\#(audience)","iat":\#(now),"exp":\#(now + 300)}"#,
        ].map { Base64URL.text(of: Array($0.utf8)) }
        let text = parts.joined(separator: ".")
        let signature = sign?(text) ?? key?.sign(Array(text.utf8), by: .ecdsaP256Raw) ?? []
        return [("Authorization", "Bearer \(text).\(Base64URL.text(of: signature))")]
    }

    private func fixture(
        _ extra: String = "",
        _ keys: @escaping ScriptedService.Script
    ) throws -> ServerFixture {
        let block = SenderBlocks.mixed(Self.verify)
        return try ServerFixture(
            Block(text: block.text + extra),
            routes: ["GET /keys": keys]
        )
    }

    @Test func `a token is verified by a key that is fetched once`() throws {
        let set = #"{"keys":[\#(Self.jwk(first, "one"))]}"#
        let fixture = try fixture { _ in .json(200, set) }
        defer { fixture.stop() }
        for number in 0..<5 {
            let reply = try fixture.post(
                "/in",
                #"{"id":"\#(number)"}"#,
                headers: Self.token(first, "one")
            )
            try expect(reply, .held)
        }
        #expect(fixture.service.requests(matching: "GET /keys").count == 1)
        let body = #"{"id":"x"}"#
        let rsa = try PrivateKey(generating: .rsa)
        let der = first.publicKey.der
        for (what, headers) in [
            ("another key", Self.token(second, "one")),
            ("a key that is in no set", Self.token(second, "two")),
            ("another audience", Self.token(first, "one", audience: "you")),
            ("no algorithm", Self.token(nil, "one", algorithm: "none", sign: { _ in [] })),
            ("no signature", Self.token(nil, "one", sign: { _ in [] })),
            (
                "the public key as a secret",
                Self.token(nil, "one", algorithm: "HS256") {
                    MessageCode.of(Array($0.utf8), key: der, by: .sha256)
                }
            ),
            (
                "RSA",
                Self.token(nil, "one", algorithm: "RS256") {
                    rsa.sign(Array($0.utf8), by: .rsaSHA256) ?? []
                }
            ),
            ("no token", [("Authorization", "Bearer x")]),
            ("nothing", []),
        ] as [(String, [(String, String)])] {
            let reply = try fixture.post("/in", body, headers: headers)
            try fixture.expectUnverified(reply, what)
            #expect(reply.headers["www-authenticate"] == #"Bearer realm="sluice""#, "\(what)")
        }
        #expect(fixture.service.requests(matching: "GET /keys").count == 1, "at most once a minute")
    }

    @Test func `keys that cannot be had are told as such, and asked for once`() throws {
        let large = #"{"keys":[],"more":"\#(String(repeating: "x", count: 10 << 20))"}"#
        let answers: [@Sendable () -> ScriptedAnswer] = [
            { .hangUp }, { .status(500) }, { .json(200, "no JSON") }, { .json(200, large) },
            { .json(200, #"{"keys":[]}"#) },
        ]
        for answer in answers {
            let fixture = try fixture { _ in answer() }
            defer { fixture.stop() }
            for _ in 0..<3 {
                let reply = try fixture.post(
                    "/in",
                    #"{"id":"a"}"#,
                    headers: Self.token(first, "one")
                )
                try expect(reply, .refused(503))
                #expect(try JSONValue.parse(reply.body)["code"] == .string("keys_unavailable"))
                #expect(reply.headers["retry-after"] != nil)
            }
            #expect(fixture.service.requests(matching: "GET /keys").count == 1)
        }
    }

    @Test func `while keys are slow, others are served, and no more than may are held`() throws {
        let gate = Gate()
        let set = #"{"keys":[\#(Self.jwk(first, "one"))]}"#
        let fixture = try fixture("server: { max_verifying_count: 2, threads: 1 }\n") { _ in
            gate.waitUntilOpen()
            return .json(200, set)
        }
        defer { fixture.stop() }
        defer { gate.open() }
        let headers = Self.token(first, "one")
        let fields = headers.map { "\($0.0): \($0.1)\r\n" }.joined()
        let waiting = try (0..<3).map { number in
            let connection = try RawConnection(port: fixture.ports[8090])
            let body = #"{"id":"\#(number)"}"#
            try connection.send(
                "POST /in HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n\(fields)"
                    + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
            )
            // Each is with the server's one loop before the next one is sent.
            try expect(try fixture.post("/open", #"{"id":"o-\#(number)"}"#), .held)
            return connection
        }
        try fixture.service.waitForRequest(matching: "GET /keys")
        let full = try fixture.post("/in", #"{"id":"y"}"#, headers: headers)
        try expect(full, .refused(503))
        #expect(try JSONValue.parse(full.body)["code"] == .string("overloaded"))
        gate.open()
        let statuses = try waiting.map { try $0.readReply().status }
        #expect(statuses.sorted() == [202, 202, 503])
        try expect(try fixture.post("/in", #"{"id":"z"}"#, headers: headers), .held)
    }
}
