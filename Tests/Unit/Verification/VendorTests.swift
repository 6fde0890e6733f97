import Documents
import JSONWire
import Primitives
import Security
import TestKit
import Testing
import Verification

/// The vendors' own libraries sign and we verify; we sign and they verify.
@Suite struct VendorTests {
    /// Runs the script; nil where the libraries cannot be had.
    private static func run(_ arguments: [String]) throws -> (isGood: Bool, text: String)? {
        let program = try ChildProgram(PackageRoot.path("scripts/vendor-senders"), arguments)
        let status = try program.waitForExit(deadline: .seconds(240))
        if status == .exited(77) {
            SharedData.skipped("the vendors' libraries cannot be had from PyPI")
            return nil
        }
        return (status == .exited(0), program.output + program.errors)
    }

    @Test func `what their libraries sign we verify`() throws {
        let folder = try TemporaryDirectory()
        guard let run = try Self.run(["sign", folder.path("signed.json")]) else { return }
        #expect(run.isGood, "\(run.text)")
        guard case .array(let cases) = try JSONValue.parse(Files.bytes(folder.path("signed.json")))
        else { throw KitError.malformed("no list") }
        #expect(cases.count >= 20)
        for one in cases {
            let name = one["name"]?.string ?? ""
            var sent = Sent(method: one["method"]?.string ?? "", url: one["url"]?.string ?? "")
            sent.body = try #require(Base64.bytes(of: one["body"]?.string ?? ""))
            if case .integer(let now)? = one["now"] { sent.now = now }
            if case .object(let headers)? = one["headers"] {
                sent.headers = headers.members.map { ($0.name, $0.value.string ?? "") }
            }
            let verifier = try Setup.verifier(one["verify"]?.jsonText ?? "")
            let outcome = sent.checked(by: verifier)
            #expect(outcome.isVerified, "\(name): \(outcome)")
            if verifier.coversBody {
                let other = sent.with { $0.body[$0.body.count / 2] ^= 4 }
                #expect(other.checked(by: verifier).refusal != nil, "\(name)")
            }
            for header in sent.headers where header.name != "Content-Type" {
                let cut = sent.changing(header.name) { String($0.dropLast(8)) }
                #expect(cut.checked(by: verifier).refusal != nil, "\(name) \(header.name)")
            }
        }
    }

    /// One request that we signed, as the script reads it.
    private static func signed(
        _ kind: String,
        _ verify: String,
        secret: String? = nil,
        key: PrivateKey? = nil,
        body: String = #"{"id":"evt_1","text":"Gr\u00fc\u00dfe"}"#,
        headers: [(name: String, value: String)] = [],
        more: JSONObject = [:]
    ) throws -> JSONValue {
        let text =
            key.map { "public_key: '\(Base64.text(of: $0.publicKey.der))'" }
            ?? "secret: '\(secret ?? "")'"
        let verifier = try Setup.verifier("{ \(verify), \(text) }")
        var sent = Sent(url: "https://hooks.example.com/hook?a=1", headers: headers)
        sent.body = Array(body.utf8)
        sent.now = WallTime.now().milliseconds / 1000
        let added = try verifier.sign(
            sent.request,
            body: sent.body,
            id: "msg_1",
            now: sent.moment,
            privateKey: key
        )
        var object = more
        var all = JSONObject()
        for header in headers + added { all[header.name] = .string(header.value) }
        object["name"] = .string("\(kind) \(verify)")
        object["kind"] = .string(kind)
        object["url"] = .string(sent.url)
        object["headers"] = .object(all)
        object["body"] = .string(Base64.text(of: sent.body))
        if let secret { object["secret"] = .string(secret) }
        if let key { object["public_key"] = .string(Base64.text(of: key.publicKey.der)) }
        return .object(object)
    }

    /// Tokens and message signatures of every algorithm.
    private static func tokensAndMessages(
        _ secret: String,
        _ keys: [KeyKind: PrivateKey]
    ) throws -> [JSONValue] {
        var cases: [JSONValue] = []
        let rules = "preset: jwt, audience: me, issuer: issuer, algorithms: "
        for name in ["HS256", "HS512"] {
            cases.append(
                try signed(
                    "jwt",
                    "\(rules)[\(name)]",
                    secret: secret,
                    more: ["algorithm": name.json]
                )
            )
        }
        for (name, kind) in [
            ("RS256", KeyKind.rsa), ("PS512", .rsa), ("ES256", .p256), ("EdDSA", .ed25519),
        ] {
            cases.append(
                try signed(
                    "jwt",
                    "\(rules)[\(name)]",
                    key: keys[kind],
                    more: ["algorithm": name.json]
                )
            )
        }
        for (name, kind) in [
            ("ed25519", KeyKind.ed25519), ("ecdsa-p256-sha256", .p256), ("rsa-pss-sha512", .rsa),
            ("rsa-v1_5-sha256", .rsa),
        ] {
            cases.append(
                try signed(
                    "message",
                    "preset: http-signature, key_ids: k1, algorithm: \(name)",
                    key: keys[kind],
                    more: ["algorithm": name.json]
                )
            )
        }
        return cases
    }

    @Test func `what we sign their libraries verify`() throws {
        let secret = "a secret of more than sixteen bytes, and of more than thirty-two"
        let webhook = "whsec_" + Base64.text(of: Array(0..<32))
        let keys = try KeyKind.allCases.reduce(into: [KeyKind: PrivateKey]()) {
            $0[$1] = try PrivateKey(generating: $1)
        }
        var cases = [
            try Self.signed("stripe", "preset: stripe", secret: secret),
            try Self.signed("svix", "preset: svix", secret: webhook),
            try Self.signed("standardwebhooks", "preset: standard", secret: webhook),
            try Self.signed("slack", "preset: slack", secret: secret),
            try Self.signed("discord", "preset: discord", key: keys[.ed25519]),
            try Self.signed(
                "twilio",
                "preset: twilio",
                secret: secret,
                body: "To=%2B1555&Body=a+b&From=x",
                headers: [("content-type", "application/x-www-form-urlencoded")],
                more: [
                    "params": .object(["To": "+1555".json, "Body": "a b".json, "From": "x".json])
                ]
            ),
        ]
        cases += try Self.tokensAndMessages(secret, keys)
        let folder = try TemporaryDirectory()
        try Files.write(JSONValue.array(cases).jsonBytes, to: folder.path("signed.json"))
        guard let run = try Self.run(["verify", folder.path("signed.json")]) else { return }
        #expect(run.isGood, "\(run.text)")
    }
}
