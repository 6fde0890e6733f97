import JSONWire
import Primitives
import Security
import TestKit
import Testing
import Verification

/// What senders ask before they send, and what they are told.
@Suite struct HandshakeTests {
    /// The answer to a request; nil where it is none, or refused.
    private static func answer(
        _ yaml: String,
        _ sent: Sent,
        stage: Verifier.HandshakeStage = .unverified
    ) throws -> HandshakeAnswer? {
        let verifier = try Setup.verifier(yaml)
        let outcome = verifier.handshake(sent.request, stage: stage, now: sent.moment) { look in
            look(sent.body.span)
        }
        if case .answer(let answer) = outcome { return answer }
        return nil
    }

    private static func status(_ yaml: String, _ sent: Sent) throws -> Int? {
        let verifier = try Setup.verifier(yaml)
        let outcome = verifier.handshake(sent.request, stage: .unverified, now: sent.moment) {
            look in
            look(sent.body.span)
        }
        if case .refused(_, let status) = outcome { return status }
        return nil
    }

    private static func text(_ answer: HandshakeAnswer?) -> String? {
        answer.map { String(decoding: $0.body, as: UTF8.self) }
    }

    private static func post(_ body: String) -> Sent { Sent(body: Array(body.utf8)) }

    @Test func `Slack's challenge is answered once it is verified`() throws {
        let yaml = "{ preset: slack, secret: a-secret-of-sixteen }"
        let sent = Self.post(#"{"type":"url_verification","challenge":"3eZb<","token":"x"}"#)
        let answer = try Self.answer(yaml, sent, stage: .verified)
        #expect(Self.text(answer) == "3eZb<")
        #expect(
            answer?.headers.contains { $0 == ("Content-Type", "text/plain; charset=utf-8") } == true
        )
        #expect(answer?.headers.contains { $0 == ("X-Content-Type-Options", "nosniff") } == true)
        #expect(try Self.answer(yaml, sent) == nil)
        #expect(try Self.answer(yaml, Self.post("{\"type\":\"event\"}"), stage: .verified) == nil)
        #expect(try Self.answer(yaml, Self.post("payload=1"), stage: .verified) == nil)
    }

    @Test func `Meta is answered where it knows the token`() throws {
        let yaml = "{ preset: meta, secret: a-secret-of-sixteen, verify_token: let me in }"
        let url = "https://a.example/m?hub.mode=subscribe&hub.challenge=115&hub.verify_token="
        let right = Sent(method: "GET", url: url + "let+me%20in")
        #expect(Self.text(try Self.answer(yaml, right)) == "115")
        for token in ["", "let", "let+me+inn"] {
            #expect(try Self.status(yaml, Sent(method: "GET", url: url + token)) == 403)
        }
        #expect(try Self.answer(yaml, Sent(method: "POST", url: url + "let+me+in")) == nil)
        #expect(try Self.status("{ preset: meta, secret: a-secret-of-sixteen }", right) == 403)
        let strava = "{ preset: strava, secret: a-secret-of-sixteen, verify_token: let me in }"
        #expect(Self.text(try Self.answer(strava, right)) == #"{"hub.challenge":"115"}"#)
    }

    @Test func `Zoom gets its token back with its code`() throws {
        let answer = try Self.answer(
            "{ preset: zoom, secret: a-secret-of-sixteen }",
            Self.post(#"{"event":"endpoint.url_validation","payload":{"plainToken":"abc"}}"#),
            stage: .verified
        )
        let code = MessageCode.of(
            Array("abc".utf8),
            key: Array("a-secret-of-sixteen".utf8),
            by: .sha256
        )
        #expect(
            Self.text(answer)
                == #"{"plainToken":"abc","encryptedToken":"\#(Hex.text(of: code))"}"#
        )
    }

    @Test func `Microsoft Graph gets its token decoded, as plain text`() throws {
        let sent = Sent(url: "https://a.example/g?validationToken=Validation%3A+a%3Cb%3E%26")
        let answer = try Self.answer(
            "{ preset: microsoft-graph, secret: a-secret-of-sixteen }",
            sent
        )
        #expect(Self.text(answer) == "Validation: a<b>&")
    }

    @Test func `CloudEvents and Event Grid ask by OPTIONS`() throws {
        for preset in ["cloudevents", "event-grid"] {
            let yaml = "{ preset: \(preset), secret: a-secret-of-sixteen }"
            let sent = Sent(
                method: "OPTIONS",
                headers: [("WebHook-Request-Origin", "eventemitter.example.com")]
            )
            let answer = try #require(try Self.answer(yaml, sent))
            #expect(
                answer.headers.contains {
                    $0 == ("WebHook-Allowed-Origin", "eventemitter.example.com")
                }
            )
            #expect(answer.headers.contains { $0.name == "WebHook-Allowed-Rate" })
            #expect(answer.body.isEmpty)
            let split = sent.changing("webhook-request-origin") { _ in "a\r\nSet-Cookie: b" }
            #expect(try Self.status(yaml, split) == 400)
        }
        let validation =
            #"[{"eventType":"Microsoft.EventGrid.SubscriptionValidationEvent","data":{"validationCode":"512"}}]"#
        let answer = try Self.answer(
            "{ preset: event-grid, secret: a-secret-of-sixteen }",
            Self.post(validation),
            stage: .verified
        )
        #expect(Self.text(answer) == #"{"validationResponse":"512"}"#)
    }

    @Test func `Discord's ping, Okta and Dropbox are answered`() throws {
        let discord = "{ preset: discord, public_key: '\(String(repeating: "3d", count: 32))' }"
        let ping = Self.post(#"{"type":1,"application_id":"5"}"#)
        if Setup.read(discord).verifier != nil {
            #expect(Self.text(try Self.answer(discord, ping, stage: .verified)) == #"{"type":1}"#)
            let event = Self.post(#"{"type":0,"application_id":"5"}"#)
            #expect(try Self.answer(discord, event, stage: .verified)?.status == 204)
        }
        let okta = Sent(method: "GET", headers: [("X-Okta-Verification-Challenge", "a\"b")])
        let answer = try Self.answer("{ preset: okta, secret: a-secret-of-sixteen }", okta)
        #expect(Self.text(answer) == #"{"verification":"a\"b"}"#)
        let dropbox = Sent(method: "GET", url: "https://a.example/d?challenge=xyz")
        #expect(
            Self.text(try Self.answer("{ preset: dropbox, secret: a-secret-of-sixteen }", dropbox))
                == "xyz"
        )
    }

    @Test func `a subscription of SNS is confirmed at SNS, and nowhere else`() throws {
        let yaml = "{ preset: sns, topics: a }"
        let good =
            #"{"Type":"SubscriptionConfirmation","SubscribeURL":"https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&Token=1"}"#
        let answer = try Self.answer(yaml, Self.post(good), stage: .verified)
        #expect(answer?.visit?.hasPrefix("https://sns.us-east-1.amazonaws.com/") == true)
        let bad = good.replacing("sns.us-east-1.amazonaws.com", with: "169.254.169.254")
        #expect(try Self.answer(yaml, Self.post(bad), stage: .verified) == nil)
    }

    @Test func `an echo is bounded`() throws {
        let yaml = "{ preset: dropbox, secret: a-secret-of-sixteen }"
        let long = String(repeating: "a", count: 1024)
        let fits = Sent(method: "GET", url: "https://a.example/d?challenge=\(long)")
        #expect(try Self.answer(yaml, fits)?.body.count == 1024)
        let beyond = Sent(method: "GET", url: "https://a.example/d?challenge=\(long)a")
        #expect(try Self.status(yaml, beyond) == 400)
    }

    @Test func `a handshake of your own, or a preset's, is taken`() throws {
        let own = """
            header: X-Signature
            secret: a-secret-of-sixteen
            handshake:
              - name: hello
                method: [GET, HEAD]
                when: {header.X-Ask: "*", query.kind: hello}
                status: 202
                headers: {X-Answer: "{header.X-Ask}!"}
                json: {list: ["{query.kind}", 1, true]}
              - slack
            """
        let sent = Sent(
            method: "GET",
            url: "https://a.example/?kind=hello",
            headers: [("x-ask", "who")]
        )
        let answer = try Self.answer(own, sent)
        #expect(answer?.status == 202 && Self.text(answer) == #"{"list":["hello",1,true]}"#)
        #expect(answer?.headers.contains { $0 == ("X-Answer", "who!") } == true)
        #expect(
            try Setup.verifier(own).profile.handshakes.map(\.name) == ["hello", "url_verification"]
        )
        #expect(
            try Setup.verifier("{ preset: slack, secret: a-secret-of-sixteen, handshake: [] }")
                .profile.handshakes.isEmpty
        )
    }
}
