import Documents
import JSONWire
import Primitives
import Security
import TestKit
import Testing
import Verification

/// Every preset: it is data that is read as anybody's scheme is, signs what it verifies, and has its block in the page.
@Suite struct PresetTests {
    private static let edwards = try? PrivateKey(generating: .ed25519)
    private static let curve = try? PrivateKey(generating: .p256)
    private static let numbers = try? PrivateKey(generating: .rsa)

    /// What each preset needs beside its name, and the private key of those that have one.
    private static func keys(_ name: String) -> (settings: String, key: PrivateKey?) {
        func text(_ key: PrivateKey?) -> String { Base64.text(of: key?.publicKey.der ?? []) }
        switch name {
        case "standard", "svix": return ("secret: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", nil)
        case "adyen", "adyen-platform":
            return ("secret: 44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056", nil)
        case "discord": return ("public_key: '\(text(edwards))'", edwards)
        case "sendgrid": return ("public_key: '\(text(curve))'", curve)
        case "plaid": return ("public_key: '\(text(curve))'", curve)
        case "fusionauth": return ("algorithms: [HS256], secret: a-secret-of-sixteen", nil)
        case "jwt":
            return ("algorithms: [RS256], public_key: '\(text(numbers))', audience: me", numbers)
        case "google-pubsub":
            return ("audience: me, email: a@b.example, public_key: '\(text(numbers))'", numbers)
        case "http-signature":
            return ("algorithm: ed25519, public_key: '\(text(edwards))'", edwards)
        case "sns": return ("topics: 'arn:aws:sns:us-east-1:1:a'", nil)
        case "ip": return ("allow: [192.0.2.1]", nil)
        case "basic": return ("username: name, password: a-long-password", nil)
        case "meta", "strava": return ("secret: a-secret-of-sixteen, verify_token: a-token", nil)
        default: return ("secret: a-secret-of-sixteen", nil)
        }
    }

    private static func verifier(_ name: String) throws -> (verifier: Verifier, key: PrivateKey?) {
        let (settings, key) = keys(name)
        let yaml = "{ preset: \(name), \(settings) }"
        let (verifier, findings) = Setup.read(yaml)
        #expect(findings.map(\.message) == [], "\(name)")
        return (try #require(verifier), key)
    }

    @Test func `the table has everybody`() {
        #expect(PresetTable.names.count == 48)
        #expect(Set(PresetTable.names).count == PresetTable.names.count)
        for preset in PresetTable.all {
            #expect(!preset.title.isEmpty && preset.title != preset.name)
        }
    }

    @Test(arguments: PresetTable.names)
    func `a preset is read without a word`(_ name: String) throws {
        let (verifier, _) = try Self.verifier(name)
        #expect(verifier.name == name)
    }

    /// Those whose signature does not stand in a header.
    private static let unsigned: Set = [
        "mailgun", "adyen", "sns", "microsoft-graph", "event-grid", "strava",
    ]

    @Test(arguments: PresetTable.names.filter { !unsigned.contains($0) })
    func `what a preset signs it verifies, and nothing else`(_ name: String) throws {
        let (verifier, key) = try Self.verifier(name)
        var sent = Sent(body: Array("To=%2B15551234&Body=a+b".utf8))
        sent.headers = [
            ("Date", "Thu 07 Sep 2017 06:30:04 UTC"),
            ("Content-Type", "application/x-www-form-urlencoded"),
        ]
        sent.client = "192.0.2.1"
        sent.headers += try verifier.sign(
            sent.request,
            body: sent.body,
            id: "msg_1",
            now: sent.moment,
            privateKey: key
        )
        let outcome = sent.checked(by: verifier)
        #expect(outcome.isVerified, "\(outcome)")
        let other = sent.with { $0.body[3] ^= 1 }.checked(by: verifier)
        if verifier.coversBody {
            #expect(other.refusal != nil)
        } else {
            #expect(other.isVerified)
        }
        if name != "ip" {
            #expect(sent.with { $0.headers = [] }.checked(by: verifier).refusal != nil)
        }
        #expect(verifier.phase == .body || !verifier.coversBody)
        if verifier.phase == .head {
            #expect(verifier.checkHead(sent.request, now: sent.moment) == .decided(outcome))
        } else {
            #expect(verifier.checkHead(sent.request, now: sent.moment) == .needsBody)
        }
    }

    /// The blocks of `docs/senders.md`, by the preset that each is of.
    private static func blocks() throws -> [(name: String, yaml: String)] {
        let page = try Files.text(PackageRoot.path("docs/senders.md"))
        return page.split(separator: "```yaml\n").dropFirst().compactMap { part in
            guard let end = part.firstRange(of: "```") else { return nil }
            let yaml = String(part[..<end.lowerBound])
            let name = yaml.firstRange(of: "preset: ").map { range in
                String(yaml[range.upperBound...].prefix { $0 != "\n" && $0 != "," && $0 != " " })
            }
            return (name ?? "", yaml)
        }
    }

    /// Puts a value in the place of each secret that a block names.
    private static func filling(_ name: String) -> SettingFilling {
        { node, _, _ in
            guard case .text(let text) = node.content, text.contains("${secret.") else {
                return node
            }
            let (settings, _) = keys(name)
            let wanted = text.contains("KEY") ? "public_key: " : "secret: "
            var value = "a-secret-of-sixteen-bytes"
            if let range = settings.firstRange(of: wanted) {
                value = settings[range.upperBound...].filter { $0 != "'" }
                value = String(value.prefix { $0 != "," })
            }
            return Node(.text(value), at: node.position)
        }
    }

    @Test(arguments: PresetTable.names)
    func `the page has a block for every preset that can be copied`(_ name: String) throws {
        let blocks = try Self.blocks().filter {
            $0.name == name && $0.yaml.hasPrefix("verify:")
        }
        #expect(!blocks.isEmpty, "there is no block in docs/senders.md")
        for block in blocks {
            let diagnostics = Diagnostics()
            let document = YAMLReader.read(block.yaml, file: "senders.md", diagnostics: diagnostics)
            let node = try #require(document.first?["verify"])
            let verifier = VerifierReader(diagnostics: diagnostics, filling: Self.filling(name))
                .read(node)
            #expect(verifier != nil, "\(diagnostics.all.map(\.message))")
            #expect(diagnostics.all.map(\.message) == [])
        }
    }

    @Test func `the page has the titles and the notes of the table`() throws {
        let page = try Files.text(PackageRoot.path("docs/senders.md"))
        for preset in PresetTable.all {
            #expect(page.contains("### \(preset.title)\n"), "\(preset.name)")
            if !preset.note.isEmpty { #expect(page.contains(preset.note), "\(preset.name)") }
        }
    }
}
