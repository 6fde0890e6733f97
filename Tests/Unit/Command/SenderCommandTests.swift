import JSONWire
import Primitives
import Security
import TestKit
import Testing

/// `sluice sign` and `sluice verify`.
@Suite struct SenderCommandTests {
    private static let secret = "It's a Secret to Everybody"

    private static func file(_ text: String, in folder: TemporaryDirectory) throws -> String {
        try Files.write(text, to: folder.path("body"))
        return folder.path("body")
    }

    @Test func `the example that GitHub publishes comes out, and is verified`() throws {
        let folder = try TemporaryDirectory()
        let body = try Self.file("Hello, World!", in: folder)
        let signed = try Sluice(
            ["sign", "--preset", "github", "--body", body, "--id", "d-1"],
            environment: ["SLUICE_SECRET": Self.secret]
        )
        #expect(signed.status == .exited(0), "\(signed.errors)")
        let line =
            "x-hub-signature-256: sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
        #expect(signed.output.split(separator: "\n").contains(Substring(line)))
        let arguments = ["verify", "--preset", "github", "--secret", Self.secret, "-H", line]
        let verified = try Sluice(arguments + ["--body", body])
        #expect(verified.status == .exited(0), "\(verified.output)")
        #expect(verified.output.hasSuffix("verified: github, key 0"))
        try Files.write("Hello, World!\n", to: body)
        let refused = try Sluice(arguments + ["--body", body])
        #expect(refused.status == .exited(1))
        #expect(
            refused.output.contains("hint  The signature fits the body without its last line end.")
        )
        #expect(
            refused.output.hasSuffix("refused: The signature does not fit the request and the key.")
        )
        #expect(!refused.output.contains(Self.secret) && !refused.output.contains("757107ea"))
    }

    @Test func `a request is judged as at its time, and as JSON`() throws {
        let code = Hex.text(
            of: MessageCode.of(
                Array("1533204620.".utf8),
                key: Array("webhook_secret_x".utf8),
                by: .sha256
            )
        )
        let arguments = [
            "verify", "--preset", "stripe", "--secret", "webhook_secret_x", "--json",
            "-H", "Stripe-Signature: t=1533204620,v1=\(code)",
        ]
        let late = try Sluice(arguments)
        #expect(late.status == .exited(1))
        #expect(try late.json["status"] == .string("refused"))
        for now in ["1533204620", "2018-08-02T10:10:20Z"] {
            let then = try Sluice(arguments + ["--now", now])
            #expect(then.status == .exited(0), "\(then.output)")
            #expect(try then.json["status"] == .string("verified"))
        }
    }

    @Test func `a sender with a key pair signs with a private key`() throws {
        let folder = try TemporaryDirectory()
        let pem = """
            -----BEGIN PRIVATE KEY-----
            MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF
            -----END PRIVATE KEY-----

            """
        try Files.write(pem, to: folder.path("key.pem"))
        let body = try Self.file(#"{"type":1}"#, in: folder)
        let signed = try Sluice([
            "sign", "--preset", "discord", "--private-key", folder.path("key.pem"), "-d",
            "@\(body)",
            "--json",
        ])
        #expect(signed.status == .exited(0), "\(signed.errors)")
        guard case .object(let headers) = try signed.json else { return }
        let lines = headers.members.flatMap { ["-H", "\($0.name): \($0.value.string ?? "")"] }
        let key = "MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs="
        let verified = try Sluice(
            ["verify", "--preset", "discord", "--set", "public_key=\(key)", "-d", "@\(body)"]
                + lines
        )
        #expect(verified.status == .exited(0), "\(verified.output)\(verified.errors)")
    }

    @Test func `a scheme of one's own is read from a file`() throws {
        let folder = try TemporaryDirectory()
        let scheme = "header: X-Mine\nsign: \"${header.X-Tenant}.{body}\"\nencoding: base64\n"
        try Files.write(scheme, to: folder.path("scheme.yml"))
        let arguments = [
            "--scheme", folder.path("scheme.yml"), "--secret", "a-secret-of-sixteen", "-H",
            "X-Tenant: acme",
        ]
        let signed = try Sluice(["sign"] + arguments)
        #expect(signed.status == .exited(0), "\(signed.errors)")
        let verified = try Sluice(["verify"] + arguments + ["-H", signed.output])
        #expect(verified.status == .exited(0), "\(verified.output)")
        try Files.write("header: X-Mine\nsgin: \"{body}\"\n", to: folder.path("scheme.yml"))
        let wrong = try Sluice(["sign"] + arguments)
        #expect(wrong.status == .exited(2))
        #expect(wrong.errors.contains("scheme.yml:2:1: error: "))
        #expect(wrong.errors.contains("unknown key `sgin`"))
    }

    @Test(arguments: [
        (["sign"], "This needs a sender: --preset PRESET, or --scheme FILE"),
        (["verify", "--preset", "githib"], "There is no sender `githib`; did you mean `github`?"),
        (["sign", "--preset", "github"], "The key `secret` is missing"),
        (
            ["sign", "--preset", "mailgun", "--secret", "a-secret-of-sixteen"],
            "signature stands in the field of the body"
        ),
        (
            ["sign", "--preset", "sns", "--set", "topics=a"],
            "Only AWS itself signs messages of SNS"
        ),
        (
            ["verify", "--preset", "github", "--secret", "a-secret-of-sixteen", "--now", "soon"],
            "--now wants a time, not `soon`"
        ),
        (["verify", "--preset", "ip", "--set", "allow"], "--set wants KEY=VALUE, not `allow`"),
        (["verify", "body.json"], "This takes options only"),
        (
            [
                "verify", "--preset", "github", "--secret", "a-secret-of-sixteen", "-d", "{}",
                "--body", "body.json",
            ],
            "--body and -d both give the body; one is enough"
        ),
    ])
    func `wrong words are told`(_ arguments: [String], _ message: String) throws {
        let result = try Sluice(arguments)
        #expect(result.status == .exited(2))
        #expect(result.errors.contains(message), "\(result.errors)")
    }
}
