import JSONWire
import Primitives
import Security
import TestKit
import Testing
import Verification

/// Published messages, each with the preset of its sender, and each changed in every way that a sender would not.
@Suite struct VectorTests {
    /// A published message.
    struct Case: Sendable, CustomTestStringConvertible {
        let id: String
        let verify: String
        let sent: Sent
        /// The header that the signature stands in.
        let header: String
        /// What another secret or key makes of `verify`.
        let otherKey: String
        /// Whether the time of signing is judged, within 300 s.
        let hasTolerance: Bool

        var testDescription: String { id }
    }

    private static func vectors() throws -> [String: JSONValue] {
        let path = PackageRoot.path("Tests/Unit/Security/Data/signature-vectors.json")
        guard case .array(let all) = try JSONValue.parse(Files.bytes(path)) else { return [:] }
        return all.reduce(into: [:]) { $0[$1["id"]?.string ?? ""] = $1 }
    }

    /// Which preset a vector is of, and in which headers it stands.
    private static let rows:
        [(id: String, preset: String, header: String, time: String, id2: String)] = [
            ("SW1", "standard", "webhook-signature", "webhook-timestamp", "webhook-id"),
            ("SW3", "standard", "webhook-signature", "webhook-timestamp", "webhook-id"),
            ("GH1", "github", "X-Hub-Signature-256", "", ""),
            ("GH2", "github", "X-Hub-Signature-256", "", ""),
            ("GEN2", "meta", "X-Hub-Signature-256", "", ""),
            ("GEN3", "github", "X-Hub-Signature-256", "", ""),
            ("ST1", "stripe", "Stripe-Signature", "", ""),
            ("SL1", "slack", "X-Slack-Signature", "X-Slack-Request-Timestamp", ""),
            ("SH1", "shopify", "X-Shopify-Hmac-SHA256", "", ""),
            ("SC1", "scalr", "X-Signature", "", ""),
            (
                "SG1", "sendgrid", "X-Twilio-Email-Event-Webhook-Signature",
                "X-Twilio-Email-Event-Webhook-Timestamp", ""
            ),
        ]

    static let cases: [Case] = {
        guard let vectors = try? vectors() else { return [] }
        return rows.compactMap { row in
            vectors[row.id].map { vector in made(row, vector) }
        }
    }()

    private static func made(
        _ row: (id: String, preset: String, header: String, time: String, id2: String),
        _ vector: JSONValue
    ) -> Case {
        func text(_ name: String) -> String? { vector[name]?.string }
        var sent = Sent()
        sent.body = Array((text("body") ?? "").utf8)
        sent.headers = [(row.header, text("expected") ?? "")]
        if case .integer(let seconds)? = vector["timestamp"] {
            sent.now = seconds
            if !row.time.isEmpty { sent.headers.append((row.time, String(seconds))) }
        }
        if let id = text("msg_id") { sent.headers.append((row.id2, id)) }
        if let date = text("date") { sent.headers.append(("Date", date)) }
        let publicKey = text("public") ?? text("public_der_b64")
        let key =
            publicKey.map { "public_key: '\($0)'" }
            ?? "secret: '\((text("secret") ?? "").replacing("'", with: "''"))'"
        let other =
            row.id == "SW3"
            ? "public_key: '\(Base64.text(of: Array(1...32)))'"
            : publicKey != nil
                ? "public_key: '\(otherCurveKey)'" : "secret: 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSx'"
        return Case(
            id: row.id,
            verify: "{ preset: \(row.preset), \(key) }",
            sent: sent,
            header: row.header,
            otherKey: "{ preset: \(row.preset), \(other) }",
            hasTolerance: ["SW1", "SW3", "ST1", "SL1"].contains(row.id)
        )
    }

    private static let otherCurveKey: String = {
        let key = try? PrivateKey(generating: .p256)
        return Base64.text(of: key?.publicKey.der ?? [])
    }()

    @Test func `there is a case for every message that has a preset`() {
        #expect(Self.cases.count == Self.rows.count)
    }

    @Test(arguments: cases)
    func `a published message is verified`(_ vector: Case) throws {
        let verifier = try Setup.verifier(vector.verify)
        let outcome = vector.sent.checked(by: verifier)
        #expect(outcome.isVerified, "\(outcome)")
        #expect(outcome.sender?.keyIndex == 0)
        // In any pieces, and with header names in any case.
        var pieces: [[UInt8]] = vector.sent.body.map { [$0] }
        pieces.insert([], at: 0)
        let shouting = vector.sent.with { sent in
            sent.headers = sent.headers.map { ($0.name.uppercased(), $0.value) }
        }
        let again = verifier.check(
            shouting.request,
            now: WallTime(milliseconds: vector.sent.now * 1000)
        ) { look in for piece in pieces { look(piece.span) } }
        #expect(again.isVerified)
    }

    @Test(arguments: cases)
    func `a message that is changed is refused`(_ vector: Case) throws {
        let verifier = try Setup.verifier(vector.verify)
        func refuses(_ sent: Sent, _ what: String, by other: Verifier? = nil, shift: Int64 = 0) {
            let outcome = sent.checked(by: other ?? verifier, shift: shift)
            #expect(outcome.refusal != nil, "\(vector.id): \(what)")
        }
        for index in vector.sent.body.indices {
            refuses(vector.sent.with { $0.body[index] ^= 1 << UInt8(index % 8) }, "bit \(index)")
        }
        for cut in stride(from: 0, to: vector.sent.body.count, by: 7) {
            refuses(vector.sent.with { $0.body.removeLast($0.body.count - cut) }, "cut at \(cut)")
        }
        refuses(vector.sent.with { $0.body.append(10) }, "a line end")
        if !vector.sent.body.isEmpty { refuses(vector.sent.with { $0.body = [] }, "no body") }
        refuses(vector.sent.with { $0.headers.append($0.headers[0]) }, "a doubled header")
        for header in vector.sent.headers {
            refuses(
                vector.sent.with { $0.headers.removeAll { $0.name == header.name } },
                "without \(header.name)"
            )
        }
        refuses(vector.sent, "another key", by: try Setup.verifier(vector.otherKey))
        if vector.hasTolerance {
            for shift in [-301, 301, -3_000_000, 3_000_000] as [Int64] {
                refuses(vector.sent, "\(shift) s", shift: shift)
            }
            for shift in [-299, 0, 299] as [Int64] {
                #expect(vector.sent.checked(by: verifier, shift: shift).isVerified)
            }
        }
    }

    /// Each sign of the signature's header, changed; and the header cut short at each place.
    @Test(arguments: cases)
    func `a signature that is changed is refused`(_ vector: Case) throws {
        let verifier = try Setup.verifier(vector.verify)
        let value = try #require(
            vector.sent.headers.first { $0.name == vector.header }?.value
        )
        let bytes = Array(value.utf8)
        let isStripe = vector.id == "ST1"
        // Stripe's other version is not looked at.
        let end = isStripe ? bytes.count - 68 : bytes.count
        for index in 0..<end {
            var other = bytes
            other[index] = other[index] == UInt8(ascii: "0") ? UInt8(ascii: "1") : UInt8(ascii: "0")
            let sent = vector.sent.changing(vector.header) { _ in
                String(decoding: other, as: UTF8.self)
            }
            #expect(sent.checked(by: verifier).refusal != nil, "sign \(index)")
        }
        let isPadded = bytes.last == UInt8(ascii: "=")
        for count in 0..<(end - (isPadded ? 2 : 0)) {
            let sent = vector.sent.changing(vector.header) { String($0.prefix(count)) }
            #expect(sent.checked(by: verifier).refusal != nil, "cut at \(count)")
        }
        let upper = vector.sent.changing(vector.header) { $0.uppercased() }
        #expect(upper.checked(by: verifier).refusal != nil || upper.isHexAlone(vector.header))
    }

    @Test func `the token of RFC 7515 is verified while it is valid`() throws {
        let vector = try #require(try Self.vectors()["JWT1"])
        let key = try #require(Base64URL.bytes(of: vector["key_b64url"]?.string ?? ""))
        let verifier = try Setup.verifier(
            "{ preset: jwt, algorithms: [HS256], issuer: joe, secret_encoding: hex, secret: '\(Hex.text(of: key))' }"
        )
        var sent = Sent(now: 1_300_819_380)
        sent.headers = [("Authorization", "Bearer \(vector["token"]?.string ?? "")")]
        #expect(sent.checked(by: verifier).isVerified)
        #expect(sent.checked(by: verifier, shift: 61).refusal == .tooOld)
    }

    @Test func `name and password of RFC 7617 are verified`() throws {
        let vector = try #require(try Self.vectors()["BA1"])
        let verifier = try Setup.verifier(
            "{ preset: basic, username: Aladdin, password: open sesame }"
        )
        let sent = Sent(headers: [("Authorization", vector["expected"]?.string ?? "")])
        #expect(sent.checked(by: verifier).isVerified)
        let lower = sent.changing("authorization") { $0.replacing("Basic", with: "basic") }
        #expect(lower.checked(by: verifier).isVerified)
        let other = sent.changing("authorization") { $0.replacing("QWxh", with: "QWxi") }
        #expect(other.checked(by: verifier).refusal != nil)
    }

    @Test func `X gets the answer to its question that is published`() throws {
        let vector = try #require(try Self.vectors()["XC1"])
        let verifier = try Setup.verifier("{ preset: x, secret: Convoy }")
        let sent = Sent(method: "GET", url: "https://a.example/x?crc_token=uzwcfYtzr9")
        guard
            case .answer(let answer) = verifier.handshake(
                sent.request,
                stage: .unverified,
                now: .now(),
                body: { _ in }
            )
        else { throw KitError.malformed("no answer") }
        #expect(String(decoding: answer.body, as: UTF8.self) == vector["expected"]?.string)
    }

    @Test(arguments: ["TW1", "TW2"])
    func `a form that Twilio signed is verified in any order`(_ id: String) throws {
        let vector = try #require(try Self.vectors()[id])
        let verifier = try Setup.verifier("{ preset: twilio, secret: '12345' }")
        guard case .object(let params)? = vector["params"] else {
            throw KitError.malformed("no params")
        }
        var pairs: [String] = []
        for member in params.members {
            guard case .array(let values) = member.value else { continue }
            for value in values {
                pairs.append("\(member.name)=\((value.string ?? "").replacing("+", with: "%2B"))")
            }
        }
        var sent = Sent(url: vector["url"]?.string ?? "")
        sent.headers = [
            ("X-Twilio-Signature", vector["expected"]?.string ?? ""),
            ("Content-Type", "application/x-www-form-urlencoded"),
        ]
        for order in [pairs, pairs.reversed()] {
            sent.body = Array(order.joined(separator: "&").utf8)
            #expect(sent.checked(by: verifier).isVerified)
            sent.body = Array((order + ["More=1"]).joined(separator: "&").utf8)
            #expect(sent.checked(by: verifier).refusal == .signatureWrong)
            sent.body = Array(order.dropLast().joined(separator: "&").utf8)
            if id == "TW1" { #expect(sent.checked(by: verifier).refusal == .signatureWrong) }
        }
    }
}

extension Sent {
    /// Whether the letters of a header's value are those of hexadecimal digits, which have no case.
    fileprivate func isHexAlone(_ name: String) -> Bool {
        let value = headers.first { $0.name == name }?.value ?? ""
        return value.allSatisfy { $0.isHexDigit }
    }
}
