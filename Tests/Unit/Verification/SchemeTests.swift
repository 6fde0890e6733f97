import JSONWire
import Primitives
import Security
import Testing
import Verification

/// Schemes of one's own, those that sign fields, and what a verifier says of itself.
@Suite struct SchemeTests {
    private static let secret = "a-secret-of-sixteen"

    private static func hex(_ text: String) -> String {
        Hex.text(of: MessageCode.of(Array(text.utf8), key: Array(secret.utf8), by: .sha256))
    }

    @Test func `a template has parts of the request, in both spellings`() throws {
        let sign =
            "{method} {path}?{query} ${header.X-Tenant} {query.a} {body.items[0].id} {{}} {body}"
        let verifier = try Setup.verifier(
            "{ header: X-S, sign: '\(sign)', secret: \(Self.secret) }"
        )
        var sent = Sent(
            url: "https://h.example/p?a=b%20c&d",
            body: Array(#"{"items":[{"id":12.50}]}"#.utf8)
        )
        let text = #"POST /p?a=b%20c&d acme b c 12.50 {} {"items":[{"id":12.50}]}"#
        sent.headers = [("X-S", Self.hex(text)), ("x-tenant", "acme")]
        #expect(sent.checked(by: verifier).isVerified)
        #expect(
            sent.with { $0.headers.append(("X-Tenant", "b")) }.checked(by: verifier).refusal
                == .headerRepeated
        )
        #expect(
            sent.with { $0.headers.removeLast() }.checked(by: verifier).refusal == .headerMissing
        )
        #expect(sent.with { $0.body = [1] }.checked(by: verifier).refusal == .bodyUnreadable)
        #expect(sent.with { $0.method = "PUT" }.checked(by: verifier).refusal == .signatureWrong)
    }

    @Test func `the URL is the configured one, the gateway's, or what came`() throws {
        func verifier(_ url: String) throws -> Verifier {
            try Setup.verifier("{ header: X-S, sign: '{url}', secret: \(Self.secret)\(url) }")
        }
        func request(_ signed: String, origin: String?) -> SenderRequest {
            var request = SenderRequest(
                method: "POST",
                target: "/p?a=1",
                scheme: "http",
                authority: "inside:8080",
                publicOrigin: origin
            )
            request.add("X-S", Self.hex(signed))
            return request
        }
        let rows = [
            ("", nil, "http://inside:8080/p?a=1"),
            ("", "https://out.example", "https://out.example/p?a=1"),
            (", url: 'https://set.example'", "https://out.example", "https://set.example/p?a=1"),
            (", url: 'https://set.example/'", nil, "https://set.example/p?a=1"),
            (", url: 'https://set.example/hook'", nil, "https://set.example/hook?a=1"),
            (", url: 'https://set.example/hook?b'", nil, "https://set.example/hook?b"),
        ]
        for (url, origin, signed) in rows {
            let outcome = try verifier(url).check(
                request(signed, origin: origin),
                body: Array("".utf8).span,
                now: .now()
            )
            #expect(outcome.isVerified, "\(signed)")
        }
    }

    @Test func `the future is taken where the age alone is judged`() throws {
        let verifier = try Setup.verifier(
            "{ header: X-S, sign: '{timestamp}', timestamp: { from: '{header.X-T}', tolerance: 5m, future: accept }, secret: \(Self.secret) }"
        )
        let sent = Sent(headers: [("X-S", Self.hex("1800000000")), ("X-T", "1800000000")])
        #expect(sent.checked(by: verifier, shift: 300).isVerified)
        #expect(sent.checked(by: verifier, shift: 301).refusal == .tooOld)
        #expect(sent.checked(by: verifier, shift: -999_999).isVerified)
    }

    // MARK: Fields of a body

    @Test func `Mailgun's token is taken, and is to be taken once`() throws {
        let verifier = try Setup.verifier("{ preset: mailgun, secret: \(Self.secret) }")
        #expect(!verifier.coversBody && verifier.usesOnceTokens)
        let code = Self.hex("1800000000token-1")
        let body =
            #"{"signature":{"timestamp":"1800000000","token":"token-1","signature":"CODE"},"event-data":{}}"#
        let sent = Sent(body: Array(body.replacing("CODE", with: code).utf8))
        let sender = try #require(sent.checked(by: verifier).sender)
        #expect(sender.onceTokens == ["token-1"] && sender.id == "token-1")
        let other = Sent(
            body: Array(
                body.replacing("CODE", with: code).replacing("token-1", with: "token-2").utf8
            )
        )
        #expect(other.checked(by: verifier).refusal == .signatureWrong)
        #expect(sent.checked(by: verifier, shift: 901).refusal == .tooOld)
        for wrong in [
            "{}", "[]", "no", "", #"{"signature":{}}"#, #"{"signature":{"signature":["a"]}}"#,
        ] {
            #expect(Sent(body: Array(wrong.utf8)).checked(by: verifier).refusal != nil, "\(wrong)")
        }
        let deep = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
        #expect(Sent(body: Array(deep.utf8)).checked(by: verifier).refusal == .bodyUnreadable)
        #expect(verifier.secretBodyPlaces == ["signature.signature", "signature.token"])
    }

    /// The notification and the signature of Adyen's own tests (adyen-python-api-library, test/UtilTest.py).
    @Test func `every item of Adyen is signed`() throws {
        let key = "44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056"
        let verifier = try Setup.verifier("{ preset: adyen, secret: \(key) }")
        let item =
            #"{"NotificationRequestItem":{"pspReference":"7914073381342284","originalReference":"","merchantAccountCode":"TestMerchant","merchantReference":"TestPayment-1407325143704","amount":{"value":1130,"currency":"EUR"},"eventCode":"AUTHORISATION","success":"true","additionalData":{"hmacSignature":"coqCmt/IZ4E3CzPvMY8zTjQVL5hYJUiBRg8UU+iCWo0="}}}"#
        func sent(_ items: [String]) -> Sent {
            Sent(
                body: Array(
                    #"{"live":"false","notificationItems":[\#(items.joined(separator: ","))]}"#.utf8
                )
            )
        }
        #expect(sent([item]).checked(by: verifier).sender?.id == "7914073381342284")
        #expect(sent([item, item]).checked(by: verifier).isVerified)
        let other = item.replacing("1130", with: "1131")
        for items in [[other], [item, other], [other, item], []] {
            #expect(sent(items).checked(by: verifier).refusal != nil)
        }
        #expect(sent([item, "{}"]).checked(by: verifier).refusal != nil)
        let many = Array(repeating: item, count: 1001)
        #expect(sent(many).checked(by: verifier).refusal == .bodyUnreadable)
    }

    @Test func `every notification of Microsoft Graph has the client state`() throws {
        let verifier = try Setup.verifier("{ preset: microsoft-graph, secret: \(Self.secret) }")
        func sent(_ states: [String]) -> Sent {
            let items = states.map { #"{"clientState":"\#($0)"}"# }
            return Sent(body: Array(#"{"value":[\#(items.joined(separator: ","))]}"#.utf8))
        }
        #expect(sent([Self.secret]).checked(by: verifier).isVerified)
        #expect(sent([Self.secret, "other"]).checked(by: verifier).refusal == .credentialsWrong)
        #expect(sent([]).checked(by: verifier).refusal == .bodyUnreadable)
    }

    @Test func `CloudEvents may bring the token in the query`() throws {
        let verifier = try Setup.verifier("{ preset: cloudevents, secret: \(Self.secret) }")
        #expect(verifier.phase == .head && verifier.secretQueryNames == ["access_token"])
        let query = Sent(url: "https://h.example/?access_token=\(Self.secret)")
        #expect(query.checked(by: verifier).isVerified)
        let header = Sent(headers: [("Authorization", "bearer \(Self.secret)")])
        #expect(header.checked(by: verifier).isVerified)
        // A header that is there counts alone.
        let both = query.with { $0.headers = [("Authorization", "Bearer no")] }
        #expect(both.checked(by: verifier).refusal == .credentialsWrong)
        for wrong in ["Bearer", "Bearer ", "Basic \(Self.secret)", Self.secret, "Bearer  "] {
            let sent = Sent(headers: [("Authorization", wrong)])
            #expect(sent.checked(by: verifier).refusal != nil, "\(wrong)")
        }
    }

    // MARK: What a verifier says of itself

    @Test func `a verifier says what it costs and reads`() throws {
        let hub = try Setup.verifier("{ preset: github, secret: \(Self.secret) }")
        #expect(hub.phase == .body && hub.coversBody)
        #expect(hub.cost(bodySize: 256 << 10) == .loop)
        #expect(hub.cost(bodySize: (256 << 10) + 1) == .worker)
        #expect(hub.fieldNames?.map(\.text) == ["x-hub-signature-256", "x-github-delivery"])
        #expect(hub.secretHeaders.map(\.text) == ["x-hub-signature-256"])
        let token = try Setup.verifier("{ preset: bearer, secret: \(Self.secret) }")
        #expect(token.cost(bodySize: 1 << 30) == .loop)
        let stripe = try Setup.verifier("{ preset: stripe, secret: \(Self.secret) }")
        #expect(stripe.bodyIDPlace == "id")
        #expect(stripe.profile.body == .json)
    }

    @Test func `a body is not parsed before it is verified`() throws {
        let stripe = try Setup.verifier("{ preset: stripe, secret: \(Self.secret) }")
        let body = "this is no JSON"
        let sent = Sent(
            headers: [("Stripe-Signature", "t=1800000000,v1=\(Self.hex("1800000000.\(body)"))")],
            body: Array(body.utf8)
        )
        #expect(sent.checked(by: stripe).isVerified)
    }

    @Test func `an explanation names what does not fit`() throws {
        let verifier = try Setup.verifier("{ preset: stripe, secret: \(Self.secret) }")
        let body = "{}"
        func explain(_ sent: Sent, shift: Int64 = 0) -> VerificationExplanation {
            verifier.explain(
                sent.request,
                body: sent.body,
                now: WallTime(milliseconds: (sent.now + shift) * 1000)
            )
        }
        let good = Sent(
            headers: [("Stripe-Signature", "t=1800000000,v1=\(Self.hex("1800000000.\(body)"))")],
            body: Array(body.utf8)
        )
        #expect(explain(good).outcome.isVerified)
        #expect(explain(good).steps.filter { !$0.isGood } == [])
        let old = explain(good, shift: 400).steps.filter { !$0.isGood }.map(\.message)
        #expect(old.first == "It was signed 400 s ago; at most 300 s are taken.")
        let line = explain(good.with { $0.body.append(10) })
        #expect(line.hints == ["The signature fits the body without its last line end."])
        let none = explain(Sent()).steps.first
        #expect(none?.message == "There is no header stripe-signature.")
        let decoded = MessageCode.of(
            Array("1800000000.{}".utf8),
            key: Array(Base64.text(of: Array(Self.secret.utf8)).utf8),
            by: .sha256
        )
        let other = good.changing("stripe-signature") { _ in
            "t=1800000000,v1=\(Hex.text(of: decoded))"
        }
        #expect(explain(other).hints == ["The signature fits the secret written in Base64."])
    }

    @Test func `no reason quotes what was sent or what would be right`() throws {
        let yaml = [
            "{ preset: github, secret: \(Self.secret) }",
            "{ preset: stripe, secret: \(Self.secret) }",
            "{ preset: bearer, secret: \(Self.secret) }",
            "{ preset: jwt, algorithms: [HS256], secret: \(Self.secret) }",
            "{ preset: mailgun, secret: \(Self.secret) }",
            "{ preset: basic, username: a, password: \(Self.secret) }",
        ]
        for text in yaml {
            let verifier = try Setup.verifier(text)
            for value in [
                "hush", "Bearer hush", "t=hush,v1=hush", "sha256=hush", "Basic aHVzaDpodXNo",
                "a.hush.b",
            ] {
                var sent = Sent(body: Array("{\"signature\":{\"signature\":\"hush\"}}".utf8))
                for name in ["X-Hub-Signature-256", "Stripe-Signature", "Authorization"] {
                    sent.headers.append((name, value))
                }
                guard case .refused(let refusal) = sent.checked(by: verifier) else {
                    Issue.record("\(text) takes \(value)")
                    continue
                }
                #expect(!refusal.message.contains("hush") && !refusal.message.contains(Self.secret))
                #expect(
                    refusal.message.hasSuffix(".") && refusal.message.first?.isUppercase == true
                )
            }
        }
    }
}
