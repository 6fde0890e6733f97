import Security
import TestKit
import Testing

@Suite struct SigningTests {
    private func send(
        _ arguments: [String],
        body: String = "Hello, World!",
        environment: [String: String] = [:]
    ) throws -> (result: Sluice, request: ScriptedRequest?) {
        let service = try ScriptedService { _ in .json(200, "{}") }
        let result = try Sluice(
            ["send", "callback", service.url + "/hook", "-d", body] + arguments,
            environment: environment
        )
        return (result, service.requests.first)
    }

    private static func code(_ text: String, _ secret: String) -> String {
        Hex.text(of: MessageCode.of(Array(text.utf8), key: Array(secret.utf8), by: .sha256))
    }

    @Test func `the example that GitHub publishes comes out`() throws {
        let secret = "It's a Secret to Everybody"
        let (result, request) = try send(["--sign", "github", "--secret", secret])
        #expect(result.status == .exited(0), "\(result.errors)")
        #expect(
            request?.headers["x-hub-signature-256"]
                == "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
        )
    }

    @Test func `Stripe's signature covers time and body`() throws {
        let (_, request) = try send(["--sign", "stripe", "--secret", "whsec_x"])
        let parts = try #require(request?.headers["stripe-signature"]).split(separator: ",")
        let time = try #require(parts.first).dropFirst(2)
        #expect(parts.last == "v1=\(Self.code("\(time).Hello, World!", "whsec_x"))")
    }

    @Test func `Slack's signature covers version, time and body`() throws {
        let (_, request) = try send(["--sign", "slack"], environment: ["SLUICE_SECRET": "s"])
        let time = try #require(request?.headers["x-slack-request-timestamp"])
        #expect(
            request?.headers["x-slack-signature"]
                == "v0=\(Self.code("v0:\(time):Hello, World!", "s"))"
        )
    }

    @Test func `a Standard Webhooks signature is one`() throws {
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
        let directory = try TemporaryDirectory()
        try Files.write(secret + "\n", to: directory.path("secret"))
        let (_, request) = try send(
            ["--sign", "standard", "--secret", "@\(directory.path("secret"))"]
        )
        let sent = try #require(request)
        try WebhookKey(secret: secret).verify(
            id: sent.headers["webhook-id"],
            timestamp: sent.headers["webhook-timestamp"],
            signatures: sent.headers["webhook-signature"],
            body: sent.body.span
        )
    }

    @Test(arguments: [
        (["--sign", "github"], "--sign needs a secret: --secret, or the variable SLUICE_SECRET"),
        (
            ["--sign", "stipe", "--secret", "x"],
            "There is no sender `stipe`; did you mean `stripe`?"
        ),
        (["--secret", "x"], "--secret wants to know how to sign: --sign PRESET"),
        (["--sign", "standard", "--secret", "short"], "The secret is not in base64"),
        (["--sign", "sns", "--secret", "x"], "Unknown key `secret`"),
        (["--sign", "discord", "--secret", "x"], "The key `public_key` is missing"),
    ])
    func `wrong words send nothing, and have the exit code 2`(
        _ arguments: [String],
        _ message: String
    ) throws {
        let (result, request) = try send(arguments)
        #expect(result.status == .exited(2))
        #expect(result.errors.contains(message), "\(result.errors)")
        #expect(request == nil)
    }
}
