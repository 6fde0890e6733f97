import JSONWire
import Primitives
import Security
import TestKit
import Testing

/// What senders ask before they send, over HTTP: the answer, and that nothing is started by it.
@Suite struct HandshakeServingTests {
    /// A handshake: who asks, what, and what it must be told.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let verify: String
        var method = "POST"
        var target = "/in"
        var headers: [(String, String)] = []
        var body = ""
        /// Whether its sender signs it.
        var isSigned = false
        let status: Int
        var text: String?
        var type: String?
        var answerHeader: (String, String)?
        /// The status of the same without what makes it a handshake, or with another token.
        var otherwise: (String, Int)?
    }

    private static let secret = SenderBlocks.secret
    private static let edwards = try? PrivateKey(generating: .ed25519)
    private static let plain = "text/plain; charset=utf-8"
    private static let json = "application/json"
    private static let validation =
        #"[{"eventType":"Microsoft.EventGrid.SubscriptionValidationEvent","data":{"validationCode":"c-1"}}]"#

    private static func code(_ text: String) -> [UInt8] {
        MessageCode.of(Array(text.utf8), key: Array(secret.utf8), by: .sha256)
    }

    static let cases: [Case] = [
        Case(
            testDescription: "Slack",
            verify: "{ preset: slack, secret: \(secret) }",
            body: #"{"type":"url_verification","challenge":"3eZb","token":"x"}"#,
            isSigned: true,
            status: 200,
            text: "3eZb",
            type: plain
        ),
        Case(
            testDescription: "Zoom",
            verify: "{ preset: zoom, secret: \(secret) }",
            body: #"{"event":"endpoint.url_validation","payload":{"plainToken":"q"}}"#,
            isSigned: true,
            status: 200,
            text: #"{"plainToken":"q","encryptedToken":"\#(Hex.text(of: code("q")))"}"#,
            type: json
        ),
        Case(
            testDescription: "Meta",
            verify: "{ preset: meta, secret: \(secret), verify_token: a-token }",
            method: "GET",
            target: "/in?hub.mode=subscribe&hub.challenge=115&hub.verify_token=a-token",
            status: 200,
            text: "115",
            type: plain,
            otherwise: ("/in?hub.mode=subscribe&hub.challenge=115&hub.verify_token=b-token", 403)
        ),
        Case(
            testDescription: "Strava",
            verify: "{ preset: strava, secret: \(secret), verify_token: a-token }",
            method: "GET",
            target: "/in?hub.mode=subscribe&hub.challenge=15f7&hub.verify_token=a-token",
            status: 200,
            text: #"{"hub.challenge":"15f7"}"#,
            type: json,
            otherwise: ("/in", 405)
        ),
        Case(
            testDescription: "X",
            verify: "{ preset: x, secret: \(secret) }",
            method: "GET",
            target: "/in?crc_token=foo",
            status: 200,
            text: #"{"response_token":"sha256=\#(Base64.text(of: code("foo")))"}"#,
            type: json,
            otherwise: ("/in?other=foo", 405)
        ),
        Case(
            testDescription: "Dropbox",
            verify: "{ preset: dropbox, secret: \(secret) }",
            method: "GET",
            target: "/in?challenge=abc%3Cb%3E",
            status: 200,
            text: "abc<b>",
            type: plain,
            otherwise: ("/in", 405)
        ),
        Case(
            testDescription: "Microsoft Graph",
            verify: "{ preset: microsoft-graph, secret: \(secret) }",
            target: "/in?validationToken=Validation%3A+Testing",
            headers: [("Content-Type", plain)],
            status: 200,
            text: "Validation: Testing",
            type: plain,
            otherwise: ("/in", 401)
        ),
        Case(
            testDescription: "CloudEvents",
            verify: "{ preset: cloudevents, secret: \(secret) }",
            method: "OPTIONS",
            headers: [("WebHook-Request-Origin", "events.example.com")],
            status: 200,
            answerHeader: ("webhook-allowed-origin", "events.example.com")
        ),
        Case(
            testDescription: "Event Grid, by its event",
            verify: "{ preset: event-grid, secret: \(secret) }",
            target: "/in?token=\(secret)",
            body: validation,
            status: 200,
            text: #"{"validationResponse":"c-1"}"#,
            type: json,
            otherwise: ("/in?token=another-secret-of-16", 401)
        ),
        Case(
            testDescription: "Event Grid, by OPTIONS",
            verify: "{ preset: event-grid, secret: \(secret) }",
            method: "OPTIONS",
            headers: [("WebHook-Request-Origin", "eventgrid.azure.net")],
            status: 200,
            answerHeader: ("webhook-allowed-rate", "*")
        ),
        Case(
            testDescription: "Okta",
            verify: "{ preset: okta, secret: \(secret) }",
            method: "GET",
            headers: [("x-okta-verification-challenge", "v-1")],
            status: 200,
            text: #"{"verification":"v-1"}"#,
            type: json
        ),
        Case(
            testDescription: "Discord",
            verify:
                "{ preset: discord, public_key: '\(Base64.text(of: edwards?.publicKey.der ?? []))' }",
            body: #"{"type":1,"application_id":"7"}"#,
            isSigned: true,
            status: 200,
            text: #"{"type":1}"#,
            type: json
        ),
        Case(
            testDescription: "Discord's events",
            verify:
                "{ preset: discord, public_key: '\(Base64.text(of: edwards?.publicKey.der ?? []))' }",
            body: #"{"type":0,"application_id":"7"}"#,
            isSigned: true,
            status: 204
        ),
    ]

    private static func ask(
        _ asked: Case,
        _ fixture: ServerFixture,
        signed: Bool
    ) throws -> HTTPReply {
        var headers = asked.headers
        if asked.body.hasPrefix("{") || asked.body.hasPrefix("[") {
            headers.append(("Content-Type", json))
        }
        if asked.isSigned, signed {
            headers += try SigningSender(asked.verify, privateKey: edwards)
                .headers(Array(asked.body.utf8), target: asked.target)
        }
        return try fixture.at(8090).send(
            asked.method,
            asked.target,
            headers: headers,
            body: asked.method == "POST" ? Array(asked.body.utf8) : nil
        )
    }

    @Test(arguments: cases)
    func `a handshake is answered as its sender wants, and starts nothing`(
        _ asked: Case
    ) throws {
        let directory = try TemporaryDirectory()
        let store = #"{ path: "\#(directory.path("store"))" }"#
        let fixture = try ServerFixture(
            SenderBlocks.mixed(asked.verify, store: store),
            isDurable: true
        )
        defer { fixture.stop() }
        let reply = try Self.ask(asked, fixture, signed: true)
        #expect(reply.status == asked.status, "\(reply.text)")
        if let text = asked.text { #expect(reply.text == text) }
        if let type = asked.type {
            #expect(reply.headers.values(of: "content-type") == [type])
            #expect(reply.headers["x-content-type-options"] == "nosniff")
        }
        if let (name, value) = asked.answerHeader { #expect(reply.headers[name] == value) }
        let entry = try fixture.request(reply, is: "handshake")
        let id = try #require(entry["request_id"]?.string)
        #expect(try fixture.replay(id, #"{"accept_unverified":true}"#)["code"] != nil)
        #expect(try fixture.asked("/tasks")["tasks"]?.elements.count == 0)
        if asked.isSigned {
            try fixture.expectUnverified(try Self.ask(asked, fixture, signed: false), "unsigned")
        }
        if let (target, status) = asked.otherwise {
            var other = asked.headers
            if !asked.body.isEmpty { other.append(("Content-Type", Self.json)) }
            let refused = try fixture.at(8090).send(
                asked.method,
                target,
                headers: other,
                body: asked.method == "POST" ? Array(asked.body.utf8) : nil
            )
            #expect(refused.status == status, "\(refused.text)")
        }
    }

    @Test(arguments: cases)
    func `a handshake is answered while the journal takes nothing`(_ asked: Case) throws {
        let journal = RefusingJournal()
        let fixture = try ServerFixture(SenderBlocks.mixed(asked.verify), journal: journal)
        defer { fixture.stop() }
        journal.refuse("the disk is full")
        let reply = try Self.ask(asked, fixture, signed: true)
        #expect(reply.status == asked.status, "\(reply.text)")
    }

    @Test func `a handshake echoes no more than a kibibyte`() throws {
        let verify = "{ preset: dropbox, secret: \(Self.secret) }"
        let fixture = try ServerFixture(SenderBlocks.mixed(verify))
        defer { fixture.stop() }
        let most = String(repeating: "a", count: 1024)
        #expect(try fixture.at(8090).get("/in?challenge=\(most)").text == most)
        #expect(try fixture.at(8090).get("/in?challenge=\(most)a").status == 400)
    }

    @Test func `a handshake of a bearer endpoint passes the gate that refuses everything else`()
        throws
    {
        let verify =
            "{ preset: bearer, secret: \(Self.secret), methods: OPTIONS, handshake: cloudevents }"
        let fixture = try ServerFixture(SenderBlocks.mixed(verify))
        defer { fixture.stop() }
        let origin = [("WebHook-Request-Origin", "a.example")]
        let asked = try fixture.at(8090).send("OPTIONS", "/in", headers: origin)
        #expect(asked.headers["webhook-allowed-origin"] == "a.example", "\(asked.text)")
        #expect(try fixture.at(8090).send("OPTIONS", "/in").status == 405)
        let post = try fixture.post("/in", #"{"id":"a"}"#, headers: origin)
        try fixture.expectUnverified(post, "no handshake")
    }
}
