import JSONWire
import Primitives
import Security
import Testing

@Suite struct WebhookKeyTests {
    /// The published message.
    private struct Message {
        let secret: String
        let id: String
        let seconds: Int64
        let body: String
        let signature: String

        init() throws {
            let vector = try #require(try Vectors.named("SW1").first)
            secret = vector.text("secret")
            id = vector.text("msg_id")
            guard case .integer(let seconds)? = vector.value["timestamp"] else {
                throw WebhookRefusal.timestampInvalid
            }
            self.seconds = seconds
            body = vector.text("body")
            signature = vector.text("expected")
        }

        var now: WallTime { WallTime(milliseconds: seconds * 1000) }
    }

    private static func verify(
        _ message: Message,
        id: String?? = nil,
        timestamp: String?? = nil,
        signatures: String?? = nil,
        body: String? = nil,
        now: WallTime? = nil
    ) throws(WebhookRefusal) {
        let key = try WebhookKey(secret: message.secret)
        let bytes = Array((body ?? message.body).utf8)
        try key.verify(
            id: id ?? message.id,
            timestamp: timestamp ?? String(message.seconds),
            signatures: signatures ?? message.signature,
            body: bytes.span,
            now: now ?? message.now
        )
    }

    @Test func `the published signature is made`() throws {
        let message = try Message()
        let key = try WebhookKey(secret: message.secret)
        let body = Array(message.body.utf8)
        #expect(
            key.signature(id: message.id, seconds: message.seconds, body: body)
                == message.signature
        )
    }

    @Test func `the prefix and the padding of a secret may be left out`() throws {
        let message = try Message()
        let bare = try WebhookKey(secret: String(message.secret.dropFirst("whsec_".count)))
        #expect(
            bare.signature(id: message.id, seconds: message.seconds, body: Array(message.body.utf8))
                == message.signature
        )
        let bytes = Array("0123456789abcdef0".utf8)
        let padded = try WebhookKey(secret: "whsec_" + Base64.text(of: bytes))
        let unpadded = try WebhookKey(
            secret: String(Base64.text(of: bytes).prefix { $0 != "=" })
        )
        #expect(
            padded.signature(id: "a", seconds: 1, body: [])
                == unpadded.signature(id: "a", seconds: 1, body: [])
        )
    }

    @Test func `the published message is verified`() throws {
        try Self.verify(Message())
    }

    @Test func `one right signature among others is enough`() throws {
        let message = try Message()
        let wrong = "v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc="
        try Self.verify(
            message,
            signatures: "\(wrong) v2,\(message.signature.dropFirst(3)) \(message.signature)"
        )
    }

    @Test func `a signature that does not fit is refused`() throws {
        let message = try Message()
        let shortened = String(message.signature.prefix(11))
        for signatures in [
            "v1,", shortened, "", "v1", "v2,\(message.signature.dropFirst(3))",
            "v1a,\(message.signature.dropFirst(3))", String(message.signature.dropFirst(3)),
            "v1,dGhpcyBpcyBub3QgaXQ= v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=",
        ] {
            #expect(throws: WebhookRefusal.noSignatureFits) {
                try Self.verify(message, signatures: signatures)
            }
        }
    }

    @Test func `a changed message is refused`() throws {
        let message = try Message()
        #expect(throws: WebhookRefusal.noSignatureFits) {
            try Self.verify(message, body: message.body + " ")
        }
        #expect(throws: WebhookRefusal.noSignatureFits) {
            try Self.verify(message, id: message.id + "x")
        }
        #expect(throws: WebhookRefusal.noSignatureFits) {
            try Self.verify(message, timestamp: String(message.seconds + 1))
        }
    }

    @Test func `a message is as old as five minutes, and not older`() throws {
        let message = try Message()
        let bound = Nanoseconds.seconds(300)
        try Self.verify(message, now: message.now.advanced(by: bound))
        try Self.verify(message, now: WallTime(milliseconds: message.now.milliseconds - 300_000))
        #expect(throws: WebhookRefusal.tooOld) {
            try Self.verify(message, now: message.now.advanced(by: .seconds(301)))
        }
        #expect(throws: WebhookRefusal.tooNew) {
            try Self.verify(
                message,
                now: WallTime(milliseconds: message.now.milliseconds - 301_000)
            )
        }
    }

    @Test(arguments: [
        "hello", "", " 1614265330", "1614265330.0", "+1614265330", "01614265330",
        "9223372036854775807", "-9223372036854775808", "99999999999999999999",
    ]) func `a timestamp that is none is refused`(_ timestamp: String) throws {
        let message = try Message()
        #expect(throws: WebhookRefusal.timestampInvalid) {
            try Self.verify(message, timestamp: timestamp)
        }
    }

    @Test func `each header is needed`() throws {
        let message = try Message()
        let none: String?? = .some(nil)
        #expect(throws: WebhookRefusal.headerMissing) { try Self.verify(message, id: none) }
        #expect(throws: WebhookRefusal.headerMissing) { try Self.verify(message, id: "") }
        #expect(throws: WebhookRefusal.headerMissing) {
            try Self.verify(message, timestamp: none)
        }
        #expect(throws: WebhookRefusal.headerMissing) {
            try Self.verify(message, signatures: none)
        }
    }

    @Test(arguments: ["", "whsec_", "whsec_MfKQ9r8GKYqr", "not base64 at all!!", "whsec_äöü"])
    func `a secret that is none is refused`(_ secret: String) {
        #expect(throws: WebhookRefusal.secretInvalid) { _ = try WebhookKey(secret: secret) }
    }
}
