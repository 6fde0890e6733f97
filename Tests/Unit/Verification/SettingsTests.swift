import Documents
import Primitives
import Testing
import Verification

/// What is wrong in a configuration, and how it is told.
@Suite struct SettingsTests {
    @Test(arguments: [
        ("{ preset: githib, secret: a-secret-of-16-bytes }", "there is no preset `githib`"),
        ("{ preset: github, secret: '' }", "the secret is empty: anybody could sign with it"),
        ("{ preset: standard, secret: whsec_ }", "the secret is empty: anybody could sign with it"),
        (
            "{ preset: standard, secret: 'whsec_***' }",
            "the secret is not in base64, as this sender's secrets are"
        ),
        (
            "{ preset: github }",
            "the key `secret` is missing, expected the secret that the sender signs with"
        ),
        ("{ preset: github, secret: a-secret-of-16-bytes, hedaer: X }", "unknown key `hedaer`"),
        (
            "{ preset: discord }",
            "the key `public_key` is missing, expected the public key of the sender"
        ),
        (
            "{ preset: discord, public_key: abc }",
            "the public key is in none of the forms PEM, DER in Base64, JWK or raw bytes"
        ),
        (
            "{ preset: jwt, algorithms: [none], secret: a-secret-of-16-bytes }",
            "`none` is no algorithm: anybody could write such a token"
        ),
        (
            "{ preset: jwt, secret: a-secret-of-16-bytes }",
            "the key `algorithms` is missing, expected those that the sender signs with, such as `[RS256]`"
        ),
        (
            "{ preset: jwt, algorithms: [RS256] }",
            "the keys `public_key` and `jwks_url` are missing, expected one of them"
        ),
        (
            "{ preset: jwt, algorithms: [RS256], jwks_url: 'http://keys.example.com' }",
            "found the text `http://keys.example.com`, expected an https URL"
        ),
        (
            "{ preset: ip, allow: [10.0.0.300] }",
            "found the text `10.0.0.300`, expected an address or a block such as `192.0.2.0/24` or `2001:db8::/32`"
        ),
        ("{ preset: ip, allow: [] }", "the list is empty: nobody could send"),
        ("{ preset: basic, username: a, password: '' }", "the password is empty"),
        (
            "{ header: X-S, sign: '{timestamp}.{body}', secret: a-secret-of-16-bytes }",
            "`{timestamp}` is signed, and `timestamp` does not say where it stands"
        ),
        (
            "{ header: X-S, sign: '{id}{body}', secret: a-secret-of-16-bytes }",
            "`{id}` is signed, and `id` does not say where it stands"
        ),
        ("{ header: X-S, sign: '{bdoy}', secret: a-secret-of-16-bytes }", "`{bdoy}` names nothing"),
        ("{ header: X-S, sign: '{body', secret: a-secret-of-16-bytes }", "a brace is not closed"),
        (
            "{ header: 'X S', secret: a-secret-of-16-bytes }",
            "found the text `X S`, expected the name of a header"
        ),
        (
            "{ secret: a-secret-of-16-bytes }",
            "the key `header` is missing, expected the header that the signature stands in"
        ),
        (
            "{ header: X-S, algorithm: md5, secret: a-secret-of-16-bytes }",
            "found the text `md5`, expected one of"
        ),
        ("{ header: X-S, parse: pairs, secret: a-secret-of-16-bytes }", "the key `key` is missing"),
        (
            "{ header: X-S, timestamp: { from: '{header.T}', tolerance: long }, secret: a-secret-of-16-bytes }",
            "found the text `long`, expected a duration"
        ),
        (
            "{ preset: github, secrets: [{ secret: a-secret-of-16-bytes, not_after: soon }] }",
            "found the text `soon`, expected a date"
        ),
        (
            "{ preset: github, type: token, secret: a-secret-of-16-bytes }",
            "the type of a preset cannot be changed"
        ),
        (
            "{ preset: twilio, secret: a-secret-of-16-bytes, url: hooks }",
            "found the text `hooks`, expected the URL that the sender calls"
        ),
        ("github-main", "there is no verifier `github-main` under `verifiers`"),
        ("{ all: [] }", "found 0 verifiers, expected from 1 to 32"),
        (
            "{ preset: http-signature, secret: a-secret-of-16-bytes }",
            "the key `algorithm` is missing"
        ),
        (
            "{ preset: http-signature, algorithm: hmac-sha256, secret: a-secret-of-16-bytes, components: ['@methd'] }",
            "`@methd` is no component of a request"
        ),
        ("{ preset: sns, topics: a, signature_versions: [3] }", "found `3`, expected `1` or `2`"),
        (
            "{ header: X-S, secret: a-secret-of-16-bytes, handshake: githb }",
            "there is no preset `githb` with a handshake"
        ),
        (
            "{ header: X-S, secret: a-secret-of-16-bytes, handshake: [{ text: x }] }",
            "the key `when` is missing"
        ),
    ])
    func `what is wrong is told`(_ yaml: String, _ message: String) {
        let errors = Setup.errors(yaml)
        #expect(errors.contains { $0.hasPrefix(message) }, "\(errors)")
        #expect(Setup.read(yaml).verifier == nil)
    }

    @Test(arguments: [
        ("{ preset: githib, secret: x }", "github"), ("{ preset: Stripe, secret: x }", "stripe"),
        ("{ preset: github, secrt: a-secret-of-16-bytes }", "secret"),
        ("github", "{ preset: github, … }"),
        ("{ header: X-S, secret: a-secret-of-16-bytes, handshake: slak }", "slack"),
    ])
    func `what was meant is suggested`(_ yaml: String, _ suggestion: String) {
        #expect(Setup.read(yaml).findings.compactMap(\.suggestion).contains(suggestion))
    }

    @Test func `no message quotes a secret`() {
        for yaml in [
            "{ preset: standard, secret: 'hush!hush!' }",
            "{ preset: github, secret: [hush!hush!] }",
            "{ preset: adyen, secret: hush!hush! }",
            "{ preset: github, secrets: [{ secret: { hush!hush!: 1 } }] }",
        ] {
            let messages = Setup.read(yaml).findings.map { $0.message + ($0.suggestion ?? "") }
            #expect(!messages.isEmpty)
            #expect(!messages.contains { $0.contains("hush") }, "\(messages)")
        }
    }

    @Test func `a short secret is a warning`() throws {
        let (verifier, findings) = Setup.read("{ preset: github, secret: short }")
        #expect(verifier != nil)
        #expect(findings.map(\.severity) == [.warning])
        #expect(findings.first?.message.contains("has 5 bytes") == true)
    }

    @Test func `what the configuration says stands over the preset`() throws {
        let verifier = try Setup.verifier(
            "{ preset: zoom, secret: a-secret-of-16-bytes, timestamp: { tolerance: 5m } }"
        )
        let signed = try verifier.sign(
            Sent().request,
            body: [],
            id: "",
            now: Sent().moment
        )
        let sent = Sent(headers: signed)
        #expect(sent.checked(by: verifier).isVerified)
        #expect(sent.checked(by: verifier, shift: 301).refusal == .tooOld)
        #expect(sent.checked(by: verifier, shift: -301).refusal == .tooNew)
        let header = try Setup.verifier(
            "{ preset: github, header: X-Mine, secret: a-secret-of-16-bytes }"
        )
        #expect(header.fieldNames?.map(\.text).contains("x-mine") == true)
    }

    @Test func `verifiers have names, and are combined`() throws {
        let named = """
            office: { preset: ip, allow: [192.0.2.0/24, '2001:db8::/32'] }
            hub: { preset: github, secret: a-secret-of-16-bytes }
            both: { all: [office, hub] }
            """
        let both = try Setup.verifier("both", named: named)
        let either = try Setup.verifier(
            "{ any: [hub, { preset: bearer, secret: another-secret-of-16 }] }",
            named: named
        )
        let hub = try Setup.verifier("hub", named: named)
        #expect(both.name == "both" && hub.name == "hub")
        var sent = Sent(body: [1])
        sent.headers = try hub.sign(sent.request, body: [1], id: "", now: sent.moment)
        sent.client = "192.0.2.9"
        #expect(sent.checked(by: both).isVerified)
        #expect(sent.checked(by: either).sender?.name == "hub")
        sent.client = "192.0.3.9"
        #expect(sent.checked(by: both).refusal == .addressNotListed)
        #expect(both.checkHead(sent.request, now: sent.moment) == .decided(sent.checked(by: both)))
        sent.headers = [("Authorization", "Bearer another-secret-of-16")]
        #expect(sent.checked(by: either).isVerified)
        sent.headers = []
        #expect(sent.checked(by: either).refusal == .noneFits)
    }
}

extension Sent {
    /// The moment it comes.
    var moment: WallTime { WallTime(milliseconds: now * 1000) }
}
