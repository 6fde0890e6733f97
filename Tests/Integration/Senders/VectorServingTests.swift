import JSONWire
import Primitives
import Security
import TestKit
import Testing

/// Published messages over HTTP: each as it was published, and each changed in every way that a sender would not.
@Suite struct VectorServingTests {
    /// Where a published message has its signature, time and id.
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let preset: String
        let header: String
        var time = ""
        var messageID = ""
        /// Whether the time of signing is judged, within 300 s.
        var hasTolerance = false
        /// Whether letters of the signature may be capitals.
        var isHex = false
    }

    static let rows = [
        Row(
            testDescription: "SW1",
            preset: "standard",
            header: "webhook-signature",
            time: "webhook-timestamp",
            messageID: "webhook-id",
            hasTolerance: true
        ),
        Row(
            testDescription: "SW3",
            preset: "standard",
            header: "webhook-signature",
            time: "webhook-timestamp",
            messageID: "webhook-id",
            hasTolerance: true
        ),
        Row(
            testDescription: "GH1",
            preset: "github",
            header: "X-Hub-Signature-256",
            isHex: true
        ),
        Row(
            testDescription: "GH2",
            preset: "github",
            header: "X-Hub-Signature-256",
            isHex: true
        ),
        Row(
            testDescription: "GEN2",
            preset: "meta",
            header: "X-Hub-Signature-256",
            isHex: true
        ),
        Row(
            testDescription: "ST1",
            preset: "stripe",
            header: "Stripe-Signature",
            hasTolerance: true,
            isHex: true
        ),
        Row(
            testDescription: "SL1",
            preset: "slack",
            header: "X-Slack-Signature",
            time: "X-Slack-Request-Timestamp",
            hasTolerance: true,
            isHex: true
        ),
        Row(testDescription: "SH1", preset: "shopify", header: "X-Shopify-Hmac-SHA256"),
        Row(testDescription: "SC1", preset: "scalr", header: "X-Signature", isHex: true),
        Row(
            testDescription: "SG1",
            preset: "sendgrid",
            header: "X-Twilio-Email-Event-Webhook-Signature",
            time: "X-Twilio-Email-Event-Webhook-Timestamp"
        ),
    ]

    /// A message on its way.
    private struct Message {
        var headers: [(String, String)]
        var body: [UInt8]

        func with(_ change: (inout Message) -> Void) -> Message {
            var other = self
            change(&other)
            return other
        }
    }

    private static func vector(_ id: String) throws -> JSONValue {
        let path = PackageRoot.path("Tests/Unit/Security/Data/signature-vectors.json")
        guard case .array(let all) = try JSONValue.parse(Files.bytes(path)) else { return .null }
        return try #require(all.first { $0["id"]?.string == id })
    }

    private static func message(_ row: Row, _ vector: JSONValue) -> Message {
        func text(_ name: String) -> String? { vector[name]?.string }
        var headers = [(row.header, text("expected") ?? "")]
        if case .integer(let seconds)? = vector["timestamp"], !row.time.isEmpty {
            headers.append((row.time, String(seconds)))
        }
        if let id = text("msg_id") { headers.append((row.messageID, id)) }
        if let date = text("date") { headers.append(("Date", date)) }
        return Message(headers: headers, body: Array((text("body") ?? "").utf8))
    }

    /// One callback endpoint whose key is constant, so that any verified body is taken.
    private static func block(_ verify: String) -> Block {
        Block(
            text: """
                store: memory
                controller: { adapter: { type: http-server, host: 127.0.0.1, port: 8088 } }
                listener: { type: http-callback, host: 127.0.0.1, port: 8090, path: /in, identify_by: one,
                            verify: \(verify) }
                workflow: { id: wait, jobs: [ { id: hold, type: wait, wait_for: one, timeout: 600s } ] }
                """
        )
    }

    private static func verify(_ row: Row, _ vector: JSONValue, isOther: Bool = false) -> String {
        let key = vector["public"]?.string ?? vector["public_der_b64"]?.string
        if let key {
            if !isOther { return "{ preset: \(row.preset), public_key: '\(key)' }" }
            let kind: KeyKind = row.preset == "standard" ? .ed25519 : .p256
            let other = (try? PrivateKey(generating: kind))?.publicKey.der ?? []
            return "{ preset: \(row.preset), public_key: '\(Base64.text(of: other))' }"
        }
        let secret = (vector["secret"]?.string ?? "").replacing("'", with: "''")
        let other = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSx"
        return "{ preset: \(row.preset), secret: '\(isOther ? other : secret)' }"
    }

    private static func send(
        _ message: Message,
        _ fixture: ServerFixture,
        chunked: Bool = false
    ) throws -> HTTPReply {
        // A text of any kind: nothing is read of it before it is verified.
        let type = [("Content-Type", "text/plain")]
        guard chunked else {
            return try fixture.at(8090).send(
                "POST",
                "/in",
                headers: type + message.headers,
                body: message.body
            )
        }
        let fields = (type + message.headers).map { "\($0.0): \($0.1)\r\n" }.joined()
        let connection = try RawConnection(port: fixture.ports[8090])
        try connection.send("POST /in HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n")
        try connection.send(fields + "\r\n")
        for byte in message.body { try connection.send(Array("1\r\n".utf8) + [byte, 13, 10]) }
        try connection.send("0\r\n\r\n")
        return try connection.readReply()
    }

    @Test(arguments: rows)
    func `a published message is taken, and none that was changed`(_ row: Row) throws {
        let vector = try Self.vector(row.testDescription)
        var seconds: Int64 = 1_800_000_000
        if case .integer(let signed)? = vector["timestamp"] { seconds = signed }
        let now = Lock(seconds)
        let fixture = try ServerFixture(Self.block(Self.verify(row, vector))) {
            WallTime(milliseconds: now.withLock { $0 } * 1000)
        }
        defer { fixture.stop() }
        let message = Self.message(row, vector)
        func refuses(_ other: Message, _ what: String) throws {
            let reply = try Self.send(other, fixture)
            try fixture.expectUnverified(reply, "\(row.testDescription): \(what)")
        }
        #expect(try Self.send(message, fixture).status == 202)
        #expect([200, 202].contains(try Self.send(message, fixture, chunked: true).status))
        let loud = message.with { $0.headers = $0.headers.map { ($0.0.uppercased(), $0.1) } }
        #expect([200, 202].contains(try Self.send(loud, fixture).status))
        for place in Set([0, message.body.count / 2, message.body.count - 1]) where place >= 0 {
            guard message.body.indices.contains(place) else { continue }
            try refuses(message.with { $0.body[place] ^= 1 }, "a bit of byte \(place)")
        }
        if !message.body.isEmpty {
            try refuses(message.with { $0.body.removeLast() }, "cut")
            try refuses(message.with { $0.body = [] }, "no body")
        }
        try refuses(message.with { $0.headers.append($0.headers[0]) }, "a doubled header")
        // Base64 may lack its padding, and of Stripe's another version stands behind the one that is checked.
        let signature = message.headers[0].1
        let end = signature.firstRange(of: ",v0=")?.lowerBound ?? signature.endIndex
        let cut = String(signature[..<end].dropLast(3))
        try refuses(message.with { $0.headers[0].1 = cut }, "a signature that is cut")
        try refuses(message.with { $0.headers.removeFirst() }, "no signature")
        if !row.isHex {
            try refuses(message.with { $0.headers[0].1 = $0.headers[0].1.lowercased() }, "its case")
        }
        if row.hasTolerance {
            for shift in [-301, 301] as [Int64] {
                now.withLock { $0 = seconds + shift }
                try refuses(message, "\(shift) s")
            }
            for shift in [-299, 299] as [Int64] {
                now.withLock { $0 = seconds + shift }
                #expect([200, 202].contains(try Self.send(message, fixture).status))
            }
        }
    }

    @Test(arguments: rows)
    func `a published message is refused with another key`(_ row: Row) throws {
        let vector = try Self.vector(row.testDescription)
        var seconds: Int64 = 1_800_000_000
        if case .integer(let signed)? = vector["timestamp"] { seconds = signed }
        let now = WallTime(milliseconds: seconds * 1000)
        let verify = Self.verify(row, vector, isOther: true)
        let fixture = try ServerFixture(Self.block(verify)) { now }
        defer { fixture.stop() }
        let reply = try Self.send(Self.message(row, vector), fixture)
        try fixture.expectUnverified(reply, row.testDescription)
    }
}
