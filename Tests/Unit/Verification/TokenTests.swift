import JSONWire
import Primitives
import Security
import Testing

@testable import Verification

/// JSON Web Tokens, and all that makes them be taken wrongly elsewhere (RFC 8725).
@Suite struct TokenTests {
    private static let secret = "a-secret-of-sixteen-bytes"
    private static let numbers = try? PrivateKey(generating: .rsa)

    /// A token of these parts, its signature a code by SHA-256.
    private static func token(
        _ header: JSONObject = ["alg": "HS256".json],
        _ claims: JSONObject = ["exp": .integer(1_800_000_060), "aud": "me".json],
        key: [UInt8] = Array(secret.utf8)
    ) -> String {
        let parts = [header, claims].map { Base64URL.text(of: JSONValue.object($0).jsonBytes) }
        let signed = parts.joined(separator: ".")
        return signed + "."
            + Base64URL.text(of: MessageCode.of(Array(signed.utf8), key: key, by: .sha256))
    }

    private static func sent(_ token: String) -> Sent {
        Sent(headers: [("Authorization", "Bearer \(token)")])
    }

    private static let yaml =
        "preset: jwt, algorithms: [HS256], audience: [me, us], secret: \(secret)"

    private static func refusal(
        _ claims: JSONObject,
        _ more: String = ""
    ) throws -> VerificationRefusal.Kind? {
        let verifier = try Setup.verifier("{ \(yaml)\(more) }")
        return sent(token(["alg": "HS256".json], claims)).checked(by: verifier).refusal
    }

    @Test func `a token is taken while its claims are as they must be`() throws {
        let now: Int64 = 1_800_000_000
        let good: JSONObject = ["exp": .integer(now + 1), "aud": "me".json, "iss": "a".json]
        #expect(try Self.refusal(good) == nil)
        #expect(try Self.refusal(good, ", issuer: [a, b]") == nil)
        #expect(try Self.refusal(good, ", issuer: b") == .claimWrong)
        #expect(try Self.refusal(["aud": "me".json]) == .claimWrong)
        #expect(try Self.refusal(["aud": "me".json], ", require_exp: false") == nil)
        #expect(try Self.refusal(["exp": .integer(now - 59), "aud": "me".json]) == nil)
        #expect(try Self.refusal(["exp": .integer(now - 61), "aud": "me".json]) == .tooOld)
        #expect(try Self.refusal(["exp": "soon".json, "aud": "me".json]) == .claimWrong)
        #expect(try Self.refusal(["exp": .integer(.max), "aud": "me".json]) == .claimWrong)
        #expect(try Self.refusal(["exp": .integer(-1), "aud": "me".json]) == .claimWrong)
        #expect(try Self.refusal(["exp": .integer(now + 9)]) == .claimWrong)
        let list: JSONObject = ["exp": .integer(now + 9), "aud": .array(["x".json, "us".json])]
        #expect(try Self.refusal(list) == nil)
        var later = good
        later["nbf"] = .integer(now + 61)
        #expect(try Self.refusal(later) == .tooNew)
        var old = good
        old["iat"] = .integer(now - 400)
        #expect(try Self.refusal(old, ", max_age: 5m") == .tooOld)
        #expect(try Self.refusal(good, ", max_age: 5m") == .claimWrong)
        old["iat"] = .integer(now + 61)
        #expect(try Self.refusal(old) == .tooNew)
    }

    @Test func `e-mail addresses must be verified, and claims have their values`() throws {
        let base: JSONObject = ["exp": .integer(1_800_000_060), "aud": "me".json]
        var claims = base
        claims["email"] = "a@b.example".json
        #expect(try Self.refusal(claims, ", email: a@b.example") == .claimWrong)
        claims["email_verified"] = .bool(true)
        #expect(try Self.refusal(claims, ", email: a@b.example") == nil)
        #expect(try Self.refusal(claims, ", email: c@b.example") == .claimWrong)
        claims["roles"] = .array(["reader".json, "sender".json])
        claims["tenant"] = .integer(7)
        #expect(try Self.refusal(claims, ", claims: { roles: [sender, admin], tenant: 7 }") == nil)
        #expect(try Self.refusal(claims, ", claims: { roles: admin }") == .claimWrong)
        #expect(try Self.refusal(claims, ", claims: { tenant: '7' }") == .claimWrong)
        #expect(try Self.refusal(base, ", claims: { tenant: 7 }") == .claimWrong)
    }

    @Test func `none is no algorithm, and the token does not choose one`() throws {
        let verifier = try Setup.verifier("{ \(Self.yaml) }")
        for word in ["none", "None", "NONE", "", "HS384", "RS256", "hs256"] {
            let token = Self.token(["alg": word.json])
            let unsigned = token.prefix { $0 != "." } + "." + token.split(separator: ".")[1] + "."
            for text in [token, String(unsigned)] {
                #expect(
                    Self.sent(text).checked(by: verifier).refusal == .algorithmRefused,
                    "\(word)"
                )
            }
        }
        #expect(Self.sent(Self.token([:])).checked(by: verifier).refusal == .algorithmRefused)
        let critical = Self.token([
            "alg": "HS256".json, "crit": .array(["b64".json]), "b64": .bool(false),
        ])
        #expect(Self.sent(critical).checked(by: verifier).refusal == .tokenMalformed)
    }

    /// A code made with the public key, in every form an attacker could think of.
    @Test func `a code by a public key is nothing`() throws {
        let key = try #require(Self.numbers)
        let der = key.publicKey.der
        let text = Base64.text(of: der)
        let verifier = try Setup.verifier(
            "{ preset: jwt, algorithms: [RS256], audience: me, public_key: '\(text)' }"
        )
        let pem = "-----BEGIN PUBLIC KEY-----\n\(text)\n-----END PUBLIC KEY-----\n"
        for bytes in [der, Array(text.utf8), Array(pem.utf8), Array(pem.dropLast().utf8), []] {
            for algorithm in ["HS256", "RS256"] {
                let token = Self.token(["alg": algorithm.json], key: bytes)
                #expect(Self.sent(token).checked(by: verifier).refusal != nil)
            }
        }
        #expect(
            Setup.errors(
                "{ preset: jwt, algorithms: [RS256], public_key: '\(text)', secret: '\(text)' }"
            ) == ["none of the algorithms takes a secret"]
        )
        let errors = Setup.errors("{ preset: jwt, algorithms: [ES256], public_key: '\(text)' }")
        #expect(errors == ["the public key is of another kind than the algorithm, expected p256"])
    }

    @Test(arguments: [
        "", ".", "..", "a.b.c", "a.b", "a.b.c.d", "e30.e30.", "e30.e30.e30=", "W10.e30.AA",
        "Bearer",
        String(repeating: "a", count: 20_000),
    ])
    func `what is no token is refused`(_ token: String) throws {
        let verifier = try Setup.verifier("{ \(Self.yaml) }")
        #expect(Self.sent(token).checked(by: verifier).refusal != nil)
        #expect(Sent(headers: [("Authorization", token)]).checked(by: verifier).refusal != nil)
    }

    @Test func `a token is bound to the body by its hash`() throws {
        let verifier = try Setup.verifier(
            "{ preset: fusionauth, algorithms: [HS256], secret: \(Self.secret) }"
        )
        let body = Array("{\"a\":1}".utf8)
        let hash = Base64.text(of: Digest.of(body, by: .sha256))
        let token = Self.token(["alg": "HS256".json], ["request_body_sha256": hash.json])
        let sent = Sent(headers: [("X-FusionAuth-Signature-JWT", token)], body: body)
        #expect(verifier.phase == .body)
        #expect(sent.checked(by: verifier).isVerified)
        #expect(sent.with { $0.body.append(10) }.checked(by: verifier).refusal == .bodyChanged)
        let bare = Self.token(["alg": "HS256".json], ["iat": .integer(1)])
        let other = Sent(headers: [("X-FusionAuth-Signature-JWT", bare)], body: body)
        #expect(other.checked(by: verifier).refusal == .claimWrong)
    }

    // MARK: Keys that are fetched

    private static let url = "https://keys.example.com/jwks.json"

    private static func fetching() throws -> Verifier {
        try Setup.verifier(
            "{ preset: jwt, algorithms: [EdDSA, HS256], secret: \(secret), audience: me, jwks_url: '\(url)' }"
        )
    }

    private static func signed(_ key: PrivateKey, id: String) -> Sent {
        let header: JSONObject = ["alg": "EdDSA".json, "kid": id.json]
        let claims: JSONObject = ["exp": .integer(1_900_000_000), "aud": "me".json]
        let parts = [header, claims].map { Base64URL.text(of: JSONValue.object($0).jsonBytes) }
        let signed = parts.joined(separator: ".")
        let signature = key.sign(Array(signed.utf8), by: .ed25519) ?? []
        return sent("\(signed).\(Base64URL.text(of: signature))")
    }

    private static func set(
        _ keys: [(id: String, key: PrivateKey)],
        more: [JSONValue] = []
    ) -> [UInt8] {
        let values = keys.map { id, key in
            JSONValue.object([
                "kty": "OKP".json, "crv": "Ed25519".json, "kid": id.json, "use": "sig".json,
                "x": Base64URL.text(of: Array(key.publicKey.der.suffix(32))).json,
            ])
        }
        return JSONValue.object(["keys": .array(more + values)]).jsonBytes
    }

    @Test func `keys are fetched, rotated, and kept where fetching fails`() throws {
        let (first, second) = (
            try PrivateKey(generating: .ed25519), try PrivateKey(generating: .ed25519)
        )
        let verifier = try Self.fetching()
        #expect(verifier.keySetURLs == [Self.url])
        let keys = Machine()
        let sent = Self.signed(first, id: "one")
        let need = try #require(sent.checked(by: verifier).need)
        #expect(need.url == Self.url && need.kind == .keySet && need.reason == .absent)
        // Slow: everybody but the first waits.
        #expect(keys.demand(need, now: 0) == .fetch)
        #expect(keys.demand(need, now: 9_000) == .wait)
        // Down: nobody asks again within a minute.
        keys.failed(Self.url)
        #expect(keys.demand(need, now: 10_000).isRefused)
        #expect(keys.demand(need, now: 60_000) == .fetch)
        #expect(
            keys.fetched(Self.url, status: 200, body: Self.set([("one", first)]), now: 60_500)
                == nil
        )
        #expect(sent.checked(by: verifier, ring: keys.ring).isVerified)
        // Rotated: the new key's id has the set fetched again, once a minute whatever ids come.
        let other = Self.signed(second, id: "two")
        let unknown = try #require(other.checked(by: verifier, ring: keys.ring).need)
        #expect(unknown.reason == .unknownKey)
        #expect(keys.demand(unknown, now: 61_000).isRefused)
        #expect(keys.demand(unknown, now: 120_000) == .fetch)
        for status in [500, 404, 301] {
            #expect(
                keys.fetched(Self.url, status: status, body: [], now: 121_000) != nil
                    || status != 500
            )
        }
        #expect(sent.checked(by: verifier, ring: keys.ring).isVerified, "the old key stays")
        #expect(keys.demand(unknown, now: 180_000) == .fetch)
        let both = Self.set([("one", first), ("two", second)])
        #expect(keys.fetched(Self.url, status: 200, body: both, now: 181_000) == nil)
        #expect(other.checked(by: verifier, ring: keys.ring).isVerified)
        #expect(sent.checked(by: verifier, ring: keys.ring).isVerified)
        // Known ids do not have anything fetched: a wrong signature is one.
        let forged = Self.signed(second, id: "one")
        #expect(forged.checked(by: verifier, ring: keys.ring).refusal == .signatureWrong)
        // An hour later the set is looked at again, by one, and used meanwhile.
        #expect(!keys.isRefreshDue(Self.url, now: 3_700_000))
        #expect(keys.isRefreshDue(Self.url, now: 3_781_000))
        #expect(!keys.isRefreshDue(Self.url, now: 3_781_000))
        keys.failed(Self.url)
        #expect(sent.checked(by: verifier, ring: keys.ring).isVerified)
    }

    @Test func `an answer that is none leaves the keys as they are`() throws {
        let key = try PrivateKey(generating: .ed25519)
        let secret = JSONValue.object([
            "kty": "oct".json, "k": Base64URL.text(of: Array("known to everybody".utf8)).json,
        ])
        let answers: [[UInt8]] = [
            [], Array("<html>".utf8), Array("{}".utf8), Array("{\"keys\":[]}".utf8),
            JSONValue.object(["keys": .array([secret])]).jsonBytes,
            Self.set([("one", key)]) + [UInt8](repeating: 32, count: 10 << 20),
        ]
        for (index, answer) in answers.enumerated() {
            let keys = Machine()
            _ = keys.demand(KeyNeed.set(Self.url), now: 0)
            #expect(keys.fetched(Self.url, status: 200, body: answer, now: 1) != nil, "\(index)")
            #expect(
                Self.signed(key, id: "one").checked(by: try Self.fetching(), ring: keys.ring).need
                    != nil
            )
        }
        // A secret in a key set is not one that tokens are signed with.
        let keys = Machine()
        _ = keys.demand(KeyNeed.set(Self.url), now: 0)
        _ = keys.fetched(
            Self.url,
            status: 200,
            body: Self.set([("one", key)], more: [secret]),
            now: 1
        )
        let token = Self.token(key: Array("known to everybody".utf8))
        let outcome = Self.sent(token).checked(by: try Self.fetching(), ring: keys.ring)
        #expect(outcome.refusal == .signatureWrong)
    }

    @Test func `addresses that senders choose do not have the server ask without end`() {
        let keys = Machine()
        var fetched = 0
        for number in 0..<1000 {
            let need = KeyNeed.certificate(
                "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-\(number).pem"
            )
            if keys.demand(need, now: Int64(number)) == .fetch { fetched += 1 }
        }
        #expect(fetched == RemoteKeys.certificateFetchesMax)
        #expect(keys.fetched("https://never.asked.example", status: 200, body: [1], now: 1) == nil)
    }
}

extension KeyNeed {
    /// A key set that is not there.
    fileprivate static func set(_ url: String) -> KeyNeed {
        KeyNeed(url: url, kind: .keySet, reason: .absent)
    }

    /// A certificate that is not there.
    fileprivate static func certificate(_ url: String) -> KeyNeed {
        KeyNeed(url: url, kind: .certificate, reason: .absent)
    }
}

/// The machine behind a reference, so that an expectation may change it.
private final class Machine {
    private var keys = RemoteKeys()

    var ring: KeyRing { keys.ring }
    func demand(_ need: KeyNeed, now: Int64) -> RemoteKeys.Step { keys.demand(need, now: now) }
    func failed(_ url: String) { keys.failed(url) }
    func isRefreshDue(_ url: String, now: Int64) -> Bool { keys.isRefreshDue(url, now: now) }

    func fetched(_ url: String, status: Int, body: [UInt8], now: Int64) -> String? {
        keys.fetched(url, status: status, body: body, now: now)
    }
}

extension RemoteKeys.Step {
    /// Whether the request is refused.
    fileprivate var isRefused: Bool { if case .refuse = self { true } else { false } }
}

extension String {
    /// The text as a JSON value.
    var json: JSONValue { .string(self) }
}
