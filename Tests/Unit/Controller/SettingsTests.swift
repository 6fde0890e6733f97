import Documents
import TestKit
import Testing

@Suite struct SettingsTests {
    private static func findings(
        _ controller: String,
        environment: [String: String] = [:]
    ) -> [Diagnostic] {
        let diagnostics = Diagnostics()
        _ = ControllerFixture.configuration(
            "controller: { port: 8088, \(controller) }\nworkflow: { jobs: [ { type: delay, duration: 1s } ] }",
            environment: environment,
            diagnostics
        )
        return diagnostics.all
    }

    @Test(arguments: [
        ("tokens: []", "found an empty list, expected one token or more"),
        (
            "tokens: [\"\"]",
            "token 1 is empty or cannot be sent in a header, expected visible ASCII characters"
        ),
        (
            "tokens: [{ name: a, token: \"x y\" }]",
            "a is empty or cannot be sent in a header, expected visible ASCII characters"
        ),
        ("tokens: [{ name: a }]", "the key `token` is missing, expected the token's text"),
        ("tokens: [[secret-in-a-list]]", "found a list, expected the token's text"),
        ("tokens: [\"${env.NOT_SET_HERE}\"]", nil),
        (
            "origins: [app.example.com]",
            "found the text `app.example.com`, expected `*`, or origins such as `https://app.example.com`"
        ),
        (
            "callback_secret: \"whsec_short\"",
            "the secret must be Base64 of at least 16 bytes, as in whsec_…"
        ),
        ("callback_attempts: 0", "found the integer `0`, expected an integer from 1 to 20"),
        ("max_watchers: -1", nil), ("callback_delay: soon", nil), ("max_pending_callbacks: x", nil),
        ("token: abc", nil),
    ]) func `a setting that is wrong is an error`(_ line: String, _ message: String?) {
        let errors = Self.findings(line).filter { $0.severity == .error }
        #expect(errors.count >= 1)
        if let message { #expect(errors.map(\.message) == [message]) }
        #expect(!errors.contains { "\($0)".contains("secret-in-a-list") })
    }

    @Test func `a short token is warned of, and origins without tokens noted`() {
        let short = Self.findings("tokens: [abc]").filter { $0.severity == .warning }
        #expect(
            short.map(\.message) == [
                "token 1 has fewer than 16 characters and may be guessed; a good one: "
                    + "`openssl rand -hex 32`"
            ]
        )
        let notes = Self.findings("origins: \"*\"").filter { $0.severity == .note }
        #expect(notes.contains { $0.message.hasPrefix("`origins` has no effect without `tokens`") })
    }

    @Test func `a controller on every address wants tokens`() {
        let open = Self.findings("host: 0.0.0.0").filter { $0.severity == .warning }
        #expect(open.contains { $0.message.contains("asks for no token") })
        let closed = Self.findings("host: 0.0.0.0, tokens: [a-token-that-is-long]")
        #expect(!closed.contains { $0.severity == .warning })
    }

    @Test func `a gateway to the controller wants tokens`() {
        func errors(_ controller: String) -> [Diagnostic] {
            let diagnostics = Diagnostics()
            _ = ControllerFixture.configuration(
                """
                controller: { port: 8088, \(controller) }
                gateway: { type: public, url: "https://api.example.com", port: 8088 }
                workflow: { jobs: [ { type: delay, duration: 1s } ] }
                """,
                diagnostics
            )
            return diagnostics.all.filter { $0.severity == .error }
        }
        #expect(errors("").count == 1)
        #expect(errors("tokens: [a-token-that-is-long]").isEmpty)
    }

    @Test func `the keys may stand at the adapter too`() {
        let diagnostics = Diagnostics()
        _ = ControllerFixture.configuration(
            """
            controller:
              callback_secret: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
              adapter:
                type: http-server
                port: 8088
                tokens: a-single-token-as-text
                origins: https://a.example.com
                max_watchers: 5
            workflow: { jobs: [ { type: delay, duration: 1s } ] }
            """,
            diagnostics
        )
        #expect(diagnostics.all.map(\.message) == [])
    }
}
