import Testing

@testable import Listeners

/// Which names tell that what they stand for is secret.
@Suite struct RequestRedactorTests {
    @Test(
        arguments: [
            "signature", "secret", "token", "password", "hmac", "api-key", "apikey", "cookie",
            "authorization",
        ]
    )
    func `a word of the list tells it, wherever it stands and in any case`(word: String) {
        for name in [word, "x-\(word)", "\(word)-256", "X-Hub-\(word.uppercased())-s", "Ss\(word)"]
        {
            #expect(RequestRedactor.isSecret(name), "\(name)")
        }
        let almost = String(word.dropLast())
        for name in [almost, "x-\(almost)", "\(almost)_", "\(word.first ?? " ")\(almost)"] {
            #expect(!RequestRedactor.isSecret(name), "\(name)")
        }
    }

    @Test(arguments: [
        "", "a", "tok", "content-type", "host", "accept", "x-request-id", "hma", "sec",
    ])
    func `other names do not`(name: String) {
        #expect(!RequestRedactor.isSecret(name))
    }

    @Test func `a query's secrets are hidden, and equal ones look equal`() {
        let mask = RequestRedactor(key: (1, 2))
        let shown = mask.target("/a?x=1&token=abc&API-Key=abc&token")
        #expect(shown.hasPrefix("/a?x=1&token=hash:"))
        #expect(!shown.contains("abc") && shown.hasSuffix("&token"))
        let hashes = shown.split(separator: "&").compactMap { $0.split(separator: "=").last }
        #expect(hashes[1] == hashes[2])
        #expect(mask.target("/a%3Ftoken=b") == "/a%3Ftoken=b")
    }
}
