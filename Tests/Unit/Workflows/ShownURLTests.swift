import Testing

@testable import Workflows

/// What logs and errors tell of a URL.
@Suite struct ShownURLTests {
    @Test(arguments: [
        ("https://a.example/b?token=x#y", "https://a.example/b"),
        ("https://user:pass@a.example:8443/b", "https://a.example:8443/b"),
        ("https://user:p@ss@a.example", "https://a.example"),
        ("https://a.example/bottok-1/send/tok-1", "https://a.example/bot…/send/…"),
        ("https://tok-1.example/x", "https://tok-1.example/x"),
        ("https://a.example", "https://a.example"),
        ("no url", "no url"),
    ])
    func `a URL is told without what may be secret`(url: String, shown: String) {
        #expect(ShownURL.text(of: url, hiding: ["tok-1"]) == shown)
    }

    @Test func `an address or a word from the environment is no secret`() {
        let environment = ["T": "tok-1", "V": "v1", "BASE": "https://a.example"]
        let secrets = ShownURL.secrets(
            in: "${env.BASE}/${env.V}/bot${env.T}/${input.env.T}",
            environment: environment
        )
        #expect(secrets == ["tok-1"])
    }
}
