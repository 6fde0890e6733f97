import JSONWire
import Primitives
import Security
import TestKit
import Testing
import Verification

/// Every block of `docs/senders.md` that can be copied: it is loaded as it stands, served, and takes what its sender signs and
/// nothing else.
@Suite struct PresetPageTests {
    /// The keys of those who sign with a pair.
    private static let edwards = try? PrivateKey(generating: .ed25519)
    private static let curve = try? PrivateKey(generating: .p256)
    private static let numbers = try? PrivateKey(generating: .rsa)

    /// A request of a sender.
    private struct Sent {
        var target = "/in"
        var headers: [(String, String)] = []
        var body = Array(#"{"id":"a"}"#.utf8)
        var type = "text/plain"
    }

    /// The blocks of presets on the page.
    private static func blocks() throws -> [(name: String, yaml: String)] {
        let page = try Files.text(PackageRoot.path("docs/senders.md"))
        guard let start = page.firstRange(of: "\n## Presets") else { return [] }
        return page[start.upperBound...].split(separator: "```yaml\n").dropFirst().compactMap {
            part in
            guard let end = part.firstRange(of: "```") else { return nil }
            let yaml = String(part[..<end.lowerBound])
            let name = yaml.firstRange(of: "preset: ").map { range in
                String(yaml[range.upperBound...].prefix { $0 != "\n" })
            }
            return name.map { ($0, yaml) }
        }
    }

    /// The names that a block reads as `${secret.NAME}`.
    private static func secrets(_ yaml: String) -> [String] {
        yaml.split(separator: "${secret.").dropFirst().map { String($0.prefix { $0 != "}" }) }
    }

    private static func key(_ preset: String) -> PrivateKey? {
        switch preset {
        case "discord", "http-signature": edwards
        case "sendgrid", "plaid": curve
        case "google-pubsub", "jwt": numbers
        default: nil
        }
    }

    private static func value(_ preset: String, _ name: String) -> String {
        if name.hasSuffix("_KEY"), key(preset) != nil {
            return Base64.text(of: key(preset)?.publicKey.der ?? [])
        }
        switch preset {
        case "standard", "svix": return "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
        case "adyen", "adyen-platform":
            return "44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056"
        default: return "a-secret-of-\(name.lowercased())-and-more"
        }
    }

    /// A block as it is served: what only the sender's own machines have is replaced.
    private static func served(_ preset: String, _ yaml: String) -> String {
        let key = "public_key: '\(Base64.text(of: numbers?.publicKey.der ?? []))'"
        switch preset {
        // Nobody here answers for Google.
        case "google-pubsub": return yaml + "  \(key)\n"
        case "jwt":
            return yaml.replacing(
                "jwks_url: https://login.example.com/.well-known/jwks.json",
                with: key
            )
        // The tests come from this machine.
        case "ip": return yaml.replacing("192.0.2.0/24", with: "127.0.0.0/8")
        default: return yaml
        }
    }

    private static func block(_ preset: String, _ yaml: String) -> Block {
        let indented = served(preset, yaml).split(separator: "\n").map { "  \($0)\n" }.joined()
        let secrets = secrets(yaml).map { "\($0): { env: \($0) }" }.joined(separator: ", ")
        return Block(
            text: """
                store: memory
                controller: { adapter: { type: http-server, host: 127.0.0.1, port: 8088 } }
                secrets: { \(secrets) }
                listener:
                  type: http-callback
                  host: 127.0.0.1
                  port: 8090
                  path: /in
                  identify_by: one
                \(indented)workflow: { id: wait, jobs: [ { id: hold, type: wait, wait_for: one, timeout: 600s } ] }
                """
        )
    }

    /// What a sender sends, signed by its preset; nil where only the sender itself can.
    private static func signed(_ preset: String, _ yaml: String) throws -> Sent? {
        var sent = Sent()
        let secret = value(preset, secrets(yaml).first ?? "")
        switch preset {
        case "sns": return nil
        case "mailgun":
            let now = String(WallTime.now().milliseconds / 1000)
            let token = "token-\(now)"
            let code = MessageCode.of(
                Array((now + token).utf8),
                key: Array(secret.utf8),
                by: .sha256
            )
            sent.body = Array(
                #"{"signature":{"timestamp":"\#(now)","token":"\#(token)","signature":"\#(Hex.text(of: code))"}}"#
                    .utf8
            )
        case "adyen":
            // The notification of Adyen's own tests, with the key of those.
            sent.body = Array(
                #"{"live":"false","notificationItems":[{"NotificationRequestItem":{"pspReference":"7914073381342284","originalReference":"","merchantAccountCode":"TestMerchant","merchantReference":"TestPayment-1407325143704","amount":{"value":1130,"currency":"EUR"},"eventCode":"AUTHORISATION","success":"true","additionalData":{"hmacSignature":"coqCmt/IZ4E3CzPvMY8zTjQVL5hYJUiBRg8UU+iCWo0="}}}]}"#
                    .utf8
            )
        case "microsoft-graph":
            sent.body = Array(#"{"value":[{"clientState":"\#(secret)"}]}"#.utf8)
        case "event-grid", "strava": sent.target = "/in?token=\(secret)"
        default:
            if preset == "twilio" {
                sent.type = "application/x-www-form-urlencoded"
                sent.body = Array("To=%2B15551234&Body=a+b".utf8)
            }
            var verify = served(preset, yaml)
            for name in secrets(yaml) {
                verify = verify.replacing("${secret.\(name)}", with: "'\(value(preset, name))'")
            }
            let lines = verify.split(separator: "\n").dropFirst().joined(separator: "\n")
            let sender = try SigningSender(lines, privateKey: key(preset))
            var further = [("Content-Type", sent.type)]
            if preset == "scalr" { further.append(("Date", "Thu 07 Sep 2017 06:30:04 UTC")) }
            sent.headers = try sender.headers(sent.body, target: sent.target, further: further)
                .filter { $0.0 != "Content-Type" }
        }
        return sent
    }

    private static func send(_ sent: Sent, _ fixture: ServerFixture) throws -> HTTPReply {
        try fixture.at(8090).send(
            "POST",
            sent.target,
            headers: [("Content-Type", sent.type)] + sent.headers,
            body: sent.body
        )
    }

    /// Those that verify who sends, and not what.
    private static let bodiless: Set = [
        "google-pubsub", "gitlab", "telegram", "supabase", "deepgram", "event-grid", "cloudevents",
        "okta", "strava", "bearer", "api-key", "basic", "ip", "jwt", "fusionauth",
        "microsoft-graph", "mailgun", "adyen",
    ]

    @Test(arguments: PresetTable.names)
    func `a block of the page is served as it stands`(_ preset: String) throws {
        let blocks = try Self.blocks().filter { $0.name == preset }
        try #require(!blocks.isEmpty, "docs/senders.md has no block of \(preset)")
        for (_, yaml) in blocks {
            let block = Self.block(preset, yaml)
            let names = Self.secrets(yaml)
            let environment = Dictionary(
                names.map { ($0, Self.value(preset, $0)) },
                uniquingKeysWith: { $1 }
            )
            let whole = Block(
                text: Self.block("", yaml).text
            )
            let asItStands = Loaded(text: whole.text, environment: environment)
            #expect(!asItStands.hasErrors, "\(asItStands.findings)")
            let fixture = try ServerFixture(block, environment: environment)
            defer { fixture.stop() }
            try refuses(preset, fixture)
            guard let sent = try Self.signed(preset, yaml) else { continue }
            if !Self.bodiless.contains(preset) {
                var other = sent
                other.body[other.body.count - 3] ^= 1
                try fixture.expectUnverified(try Self.send(other, fixture), "another body")
            }
            let reply = try Self.send(sent, fixture)
            #expect([200, 202].contains(reply.status), "\(preset): \(reply.text)")
        }
    }

    /// Makes sure that what is not signed, or by nobody who may, is refused.
    private func refuses(_ preset: String, _ fixture: ServerFixture) throws {
        guard preset != "ip" else { return }
        try fixture.expectUnverified(try Self.send(Sent(), fixture), "unsigned")
        let wrong = [
            ("Authorization", "Bearer wrong"), ("X-Hub-Signature-256", "sha256=00"),
            ("X-API-Key", "wrong"), ("X-Gitlab-Token", "wrong"), ("Stripe-Signature", "t=1,v1=00"),
            ("X-Signature", "00"),
        ]
        let reply = try Self.send(Sent(target: "/in?token=wrong", headers: wrong), fixture)
        try fixture.expectUnverified(reply, "wrong")
    }

    @Test func `there is a block for every preset`() throws {
        #expect(Set(try Self.blocks().map(\.name)) == Set(PresetTable.names))
    }
}
