import JSONWire
import Primitives
import Security
import TestKit
import Testing

@testable import Verification

/// HTTP message signatures, Twilio's forms, and messages of AWS SNS.
@Suite struct MessageTests {
    // MARK: RFC 9421

    /// The request of RFC 9421, B.2.
    private static func request(_ headers: [(String, String)]) -> Sent {
        Sent(
            url: "https://example.com/foo?param=Value&Pet=dog",
            headers: [
                ("Date", "Tue, 20 Apr 2021 02:07:55 GMT"), ("Content-Type", "application/json"),
                (
                    "Content-Digest",
                    "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:"
                ), ("Content-Length", "18"),
            ] + headers,
            body: Array("{\"hello\": \"world\"}".utf8),
            now: 1_618_884_480
        )
    }

    private static let hmacInput =
        "sig-b25=(\"date\" \"@authority\" \"content-type\");created=1618884473;keyid=\"test-shared-secret\""
    private static let hmacSignature = "sig-b25=:pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=:"
    private static let secret =
        "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ=="

    private static func hmac(_ more: String = "components: [date]") throws -> Verifier {
        try Setup.verifier(
            "{ preset: http-signature, algorithm: hmac-sha256, secret_encoding: base64, secret: '\(secret)', \(more) }"
        )
    }

    @Test func `the signature of RFC 9421, B_2_5 is verified`() throws {
        let sent = Self.request([
            ("Signature-Input", Self.hmacInput), ("Signature", Self.hmacSignature),
        ])
        let verifier = try Self.hmac()
        #expect(sent.checked(by: verifier).isVerified)
        #expect(verifier.fieldNames == nil)
        let other = sent.changing("date") { $0.replacing("2021", with: "2022") }
        #expect(other.checked(by: verifier).refusal == .signatureWrong)
        #expect(
            sent.checked(by: try Self.hmac("nonce: true, components: [date]")).refusal
                == .claimWrong
        )
        #expect(
            sent.checked(by: try Self.hmac("tag: a, components: [date]")).refusal == .claimWrong
        )
        #expect(
            sent.checked(by: try Self.hmac("key_ids: b, components: [date]")).refusal == .keyUnknown
        )
        #expect(
            sent.checked(by: try Self.hmac("label: b, components: [date]")).refusal
                == .signatureMissing
        )
        #expect(
            sent.checked(
                by: try Self.hmac(
                    "label: sig-b25, key_ids: [test-shared-secret], components: ['@authority']"
                )
            ).isVerified
        )
        // What must be covered is not: the body is open.
        #expect(sent.checked(by: try Self.hmac("max_age: 5m")).refusal == .notCovered)
    }

    @Test func `a signature grows old, and is not from the future`() throws {
        let sent = Self.request([
            ("Signature-Input", Self.hmacInput), ("Signature", Self.hmacSignature),
        ])
        let verifier = try Self.hmac()
        #expect(sent.checked(by: verifier, shift: 293).isVerified)
        #expect(sent.checked(by: verifier, shift: 294).refusal == .tooOld)
        #expect(sent.checked(by: verifier, shift: -67).isVerified)
        #expect(sent.checked(by: verifier, shift: -68).refusal == .tooNew)
        let expired = sent.changing("signature-input") { $0 + ";expires=1618884479" }
        #expect(expired.checked(by: verifier).refusal == .tooOld)
        let unnamed = sent.changing("signature-input") {
            $0.replacing(";created=1618884473", with: "")
        }
        #expect(unnamed.checked(by: verifier).refusal == .timestampInvalid)
    }

    @Test func `the signature of RFC 9421, B_2_6 is verified`() throws {
        let sent = Self.request([
            (
                "Signature-Input",
                "sig-b26=(\"date\" \"@method\" \"@path\" \"@authority\" \"content-type\" \"content-length\");created=1618884473;keyid=\"test-key-ed25519\""
            ),
            (
                "Signature",
                "sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:"
            ),
        ])
        let verifier = try Setup.verifier(
            """
            preset: http-signature
            algorithm: ed25519
            public_key: MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=
            components: ["@method", "@path"]
            """
        )
        #expect(sent.checked(by: verifier).isVerified)
        #expect(sent.with { $0.method = "PUT" }.checked(by: verifier).refusal == .signatureWrong)
        let path = sent.with { $0.url = "https://example.com/bar?param=Value&Pet=dog" }
        #expect(path.checked(by: verifier).refusal == .signatureWrong)
        #expect(verifier.cost(bodySize: 0) == .worker)
    }

    @Test func `what is signed here covers method, path, query and body`() throws {
        let verifier = try Self.hmac("max_age: 5m")
        var sent = Self.request([])
        sent.headers.removeAll { $0.name == "Content-Digest" }
        sent.headers += try verifier.sign(sent.request, body: sent.body, id: "", now: sent.moment)
        #expect(sent.checked(by: verifier).isVerified)
        #expect(sent.with { $0.body.append(32) }.checked(by: verifier).refusal == .bodyChanged)
        #expect(sent.with { $0.body = [] }.checked(by: verifier).refusal == .bodyChanged)
        for url in ["https://example.com/foo?param=Value&Pet=cat", "https://example.com/foo"] {
            #expect(sent.with { $0.url = url }.checked(by: verifier).refusal != nil)
        }
        let doubled = sent.with { $0.headers.append(("Content-Digest", "sha-256=:AAAA:")) }
        #expect(doubled.checked(by: verifier).refusal != nil)
        let weak = sent.changing("content-digest") { _ in "md5=:AAAA:" }
        #expect(weak.checked(by: verifier).refusal != nil)
        // A second signature, wrong or right, changes nothing.
        let more = sent.changing("signature-input") { "x=(\"@method\");created=1, \($0)" }
            .changing("signature") { "x=:AAAA:, \($0)" }
        #expect(more.checked(by: verifier).isVerified)
    }

    @Test(arguments: [
        "", "sig", "sig=", "sig=(", "sig=()", "sig=(\"@method\"", "sig=(\"@method\" );created",
        "sig=(\"@Method\");created=1", "sig=(\"@status\");created=1", "sig=(\"date\";sf);created=1",
        "sig=(\"date\";tr);created=1", "sig=(\"@method\" \"@method\");created=1", "sig=:AAAA:",
        "sig=(\"absent\");created=1618884473", "sig=(\"@query-param\");created=1618884473",
        "SIG=(\"@method\");created=1618884473", "sig=(\"@method\");created=1618884473,",
        "sig=(\"@method\");created=\"1\"", "sig=(\"@method\");created=9999999999999999",
    ])
    func `input that is malformed is refused`(_ input: String) throws {
        let sent = Self.request([("Signature-Input", input), ("Signature", "sig=:AAAA:")])
        #expect(sent.checked(by: try Self.hmac()).refusal != nil)
    }

    @Test func `components are as RFC 9421 shows them`() throws {
        let sent = Sent(
            url:
                "https://www.EXAMPLE.com:443/path?var=this%20is%20a%20big%0Amultiline%20value&bar=with+plus+whitespace&fa%C3%A7ade%22%3A%20=something",
            headers: [
                ("Example-Dict", "a=1, b=2;x=1;y=2"), ("Example-Dict", "c=(a b c), d"),
                ("X-Many", "one"), ("X-Many", "two"),
            ]
        )
        func value(_ text: String) -> String? {
            guard
                case .list(let items, _)? = StructuredField.dictionary("s=(\(text))")?.first?.member
            else { return nil }
            return items.first.flatMap(MessageComponent.init)?.value(in: sent.request, url: nil)
        }
        #expect(value("\"@authority\"") == "www.example.com")
        #expect(value("\"@path\"") == "/path")
        #expect(value("\"@scheme\"") == "https")
        #expect(value("\"@query-param\";name=\"var\"") == "this%20is%20a%20big%0Amultiline%20value")
        #expect(value("\"@query-param\";name=\"bar\"") == "with%20plus%20whitespace")
        #expect(value("\"@query-param\";name=\"fa%C3%A7ade%22%3A%20\"") == "something")
        #expect(value("\"example-dict\"") == "a=1, b=2;x=1;y=2, c=(a b c), d")
        #expect(value("\"example-dict\";key=\"b\"") == "2;x=1;y=2")
        #expect(value("\"example-dict\";key=\"c\"") == "(a b c)")
        #expect(value("\"x-many\"") == "one, two")
        #expect(value("\"x-many\";bs") == ":b25l:, :dHdv:")
        #expect(value("\"@status\"") == nil)
    }

    @Test func `structured fields are read as RFC 9651 has them`() {
        func member(_ text: String) -> StructuredField.Member? {
            StructuredField.dictionary("a=\(text)")?.first?.member
        }
        func bare(_ text: String) -> StructuredField.Bare? {
            if case .item(let item)? = member(text) { item.value } else { nil }
        }
        #expect(bare("42") == .integer(42) && bare("-7") == .integer(-7))
        #expect(bare("1.5") == .decimal("1.5") && bare("?1") == .boolean(true))
        #expect(bare("\"a\\\"b\"") == .string("a\"b") && bare("a/b:c*") == .token("a/b:c*"))
        #expect(bare(":AQI=:") == .bytes([1, 2]) && bare("@1659578233") == .date(1_659_578_233))
        for wrong in [
            "1.", "1.2345", "--1", "1234567890123456", "\"a", "\"\\n\"", "?2", ":A-:", ":AQ", "(a",
            "(a  b",
            "(a,b)", "@1.5", "\u{e9}", "", "a b",
        ] {
            #expect(StructuredField.dictionary("a=\(wrong)") == nil, "\(wrong)")
        }
        #expect(StructuredField.dictionary("")?.isEmpty == true)
        #expect(StructuredField.dictionary("a=1, a=2")?.map(\.text) == ["2"])
        #expect(StructuredField.dictionary("a=1,\t b;x=\"y\" , c")?.count == 3)
        #expect(StructuredField.dictionary("a=1,") == nil)
    }

    // MARK: Twilio

    @Test func `Twilio signs a URL with its port and without it`() throws {
        let verifier = try Setup.verifier("{ preset: twilio, secret: a-secret-of-sixteen }")
        for (signed, called) in [
            ("https://h.example/a?b=c", "https://h.example:443/a?b=c"),
            ("https://h.example:443/a?b=c", "https://h.example/a?b=c"),
            ("http://h.example:80/a", "http://h.example/a"),
            ("http://h.example/a", "http://h.example:80/a"),
        ] {
            let code = MessageCode.of(
                Array(signed.utf8),
                key: Array("a-secret-of-sixteen".utf8),
                by: .sha1
            )
            var sent = Sent(method: "GET", url: called)
            sent.headers = [("X-Twilio-Signature", Base64.text(of: code))]
            #expect(sent.checked(by: verifier).isVerified, "\(signed) \(called)")
        }
    }

    @Test func `JSON of Twilio is bound by the hash in the URL`() throws {
        let verifier = try Setup.verifier(
            "{ preset: twilio, secret: a-secret-of-sixteen, url: 'https://h.example' }"
        )
        let body = Array("{\"a\":1}".utf8)
        var sent = Sent(
            url: "http://inside:8080/a?bodySHA256=\(Hex.text(of: Digest.of(body, by: .sha256)))"
        )
        sent.body = body
        sent.headers = [("Content-Type", "application/json")]
        sent.headers += try verifier.sign(sent.request, body: body, id: "", now: sent.moment)
        #expect(sent.checked(by: verifier).isVerified)
        #expect(sent.with { $0.body.append(32) }.checked(by: verifier).refusal == .bodyChanged)
        #expect(
            sent.with { $0.url = "http://inside/a" }.checked(by: verifier).refusal == .notCovered
        )
        let form = sent.changing("content-type") { _ in "application/x-www-form-urlencoded" }
        #expect(form.checked(by: verifier).refusal == .signatureWrong)
    }

    // MARK: SNS

    private static let certificate =
        "https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-0123abcd.pem"

    private static func notification(
        _ change: (inout JSONObject) -> Void = { _ in },
        version: String = "2"
    ) throws -> Sent {
        var message: JSONObject = [
            "Type": "Notification".json, "MessageId": "m-1".json, "TopicArn": "arn:topic".json,
            "Subject": "Greetings".json, "Message": "line 1\nline 2 \u{e9}".json,
            "Timestamp": "2026-01-01T00:00:00.000Z".json, "SignatureVersion": version.json,
            "SigningCertURL": certificate.json,
        ]
        change(&message)
        let key = try PrivateKey(pem: try Setup.data("sns-key.pem"))
        let text = try SNSCheck.signedText(.object(message))
        let signature = key.sign(Array(text.utf8), by: version == "1" ? .rsaSHA1 : .rsaSHA256) ?? []
        message["Signature"] = Base64.text(of: signature).json
        return Sent(body: JSONValue.object(message).jsonBytes)
    }

    private static func ring(_ name: String = "sns.pem") throws -> KeyRing {
        var ring = KeyRing()
        ring.put(try Certificate.all(pem: try Setup.data(name)), for: certificate)
        return ring
    }

    @Test(arguments: ["1", "2"])
    func `a message of SNS is verified with the certificate it names`(_ version: String) throws {
        let verifier = try Setup.verifier("{ preset: sns, topics: 'arn:topic' }")
        let sent = try Self.notification(version: version)
        let need = try #require(sent.checked(by: verifier).need)
        #expect(need.url == Self.certificate && need.kind == .certificate)
        let ring = try Self.ring()
        #expect(sent.checked(by: verifier, ring: ring).sender?.id == "m-1")
        let bare = try Self.notification({ $0["Subject"] = nil }, version: version)
        #expect(bare.checked(by: verifier, ring: ring).isVerified)
        #expect(
            sent.checked(by: verifier, ring: try Self.ring("root.pem")).refusal == .signatureWrong
        )
        #expect(
            sent.with { $0.now = 1 }.checked(by: verifier, ring: ring).refusal
                == .certificateRefused
        )
        let other = try Self.notification({ $0["TopicArn"] = "arn:other".json }, version: version)
        #expect(other.checked(by: verifier, ring: ring).refusal == .claimWrong)
        for name in ["Message", "Subject", "MessageId", "Timestamp"] {
            guard case .object(var message) = try JSONValue.parse(sent.body) else { return }
            message[name] = "other".json
            let changed = sent.with { $0.body = JSONValue.object(message).jsonBytes }
            #expect(changed.checked(by: verifier, ring: ring).refusal == .signatureWrong, "\(name)")
        }
    }

    @Test func `a version of SNS that is not wanted is refused, and a chain can be`() throws {
        let ring = try Self.ring()
        let only2 = try Setup.verifier(
            "{ preset: sns, topics: 'arn:topic', signature_versions: [2] }"
        )
        #expect(
            try Self.notification(version: "1").checked(by: only2, ring: ring).refusal
                == .algorithmRefused
        )
        for (root, isGood) in [("root.pem", true), ("other-root.pem", false)] {
            let text = String(decoding: try Setup.data(root), as: UTF8.self).replacing(
                "\n",
                with: "\n    "
            )
            let verifier = try Setup.verifier(
                "preset: sns\ntopics: 'arn:topic'\ncertificate_roots: |\n    \(text)"
            )
            #expect(try Self.notification().checked(by: verifier, ring: ring).isVerified == isGood)
        }
    }

    @Test(arguments: [
        "http://sns.us-east-1.amazonaws.com/SimpleNotificationService-a.pem",
        "https://sns.us-east-1.amazonaws.com.evil.example/SimpleNotificationService-a.pem",
        "https://evil.example/sns.us-east-1.amazonaws.com/SimpleNotificationService-a.pem",
        "https://sns.us-east-1.amazonaws.com@evil.example/SimpleNotificationService-a.pem",
        "https://sns.us-east-1.amazonaws.com:8443/SimpleNotificationService-a.pem",
        "https://sns.amazonaws.com/SimpleNotificationService-a.pem",
        "https://sns.us-east-1.amazonaws.com/../SimpleNotificationService-a.pem",
        "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-a.pem?x=.pem",
        "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-../b.pem",
        "https://sns.US-EAST-1.amazonaws.com/SimpleNotificationService-a.pem",
        "https://sns.us.east.amazonaws.com/SimpleNotificationService-a.pem",
        "https://bucket.s3.amazonaws.com/SimpleNotificationService-a.pem", "file:///etc/passwd", "",
    ])
    func `a certificate elsewhere is not fetched`(_ url: String) throws {
        #expect(!SNSCheck.isCertificateURL(url))
        let verifier = try Setup.verifier("{ preset: sns, topics: 'arn:topic' }")
        let sent = try Self.notification { $0["SigningCertURL"] = url.json }
        #expect(sent.checked(by: verifier).refusal == .certificateRefused)
    }

    @Test func `China has its own host`() {
        #expect(
            SNSCheck.isCertificateURL(
                "https://sns.cn-north-1.amazonaws.com.cn/SimpleNotificationService-a.pem"
            )
        )
        #expect(
            SNSCheck.isServiceURL(
                "https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&Token=a"
            )
        )
        #expect(
            !SNSCheck.isServiceURL(
                "https://sns.us-east-1.amazonaws.com/?Action=DeleteTopic&Token=a"
            )
        )
    }
}
