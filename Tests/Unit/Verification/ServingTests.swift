import Testing
import Verification

/// What a server asks of a verifier beside the decision.
@Suite struct ServingTests {
    private static let secret = "a-secret-of-sixteen"

    @Test(arguments: [
        ("{ preset: bearer, secret: \(secret) }", true, #"Bearer realm="sluice""#),
        ("{ preset: cloudevents, secret: \(secret) }", true, #"Bearer realm="sluice""#),
        ("{ preset: okta, secret: \(secret) }", true, ""),
        ("{ preset: api-key, secret: \(secret) }", true, ""),
        (
            "{ preset: basic, username: a, password: a-long-password }", true,
            #"Basic realm="sluice", charset="UTF-8""#
        ),
        ("{ preset: ip, allow: 192.0.2.1 }", true, ""),
        (
            "{ preset: jwt, algorithms: HS256, secret: \(secret) }", true,
            #"Bearer realm="sluice""#
        ),
        ("{ preset: github, secret: \(secret) }", false, ""),
        ("{ preset: microsoft-graph, secret: \(secret) }", false, ""),
        (
            "{ all: [{ preset: github, secret: \(secret) }, { preset: bearer, secret: \(secret) }] }",
            true, #"Bearer realm="sluice""#
        ),
        (
            "{ any: [{ preset: github, secret: \(secret) }, { preset: bearer, secret: \(secret) }] }",
            false, #"Bearer realm="sluice""#
        ),
    ])
    func `the head decides where it can, and a scheme with a word for it is named`(
        _ yaml: String,
        _ decidesByHead: Bool,
        _ challenge: String
    ) throws {
        let verifier = try Setup.verifier(yaml)
        #expect(verifier.mayDecideByHead == decidesByHead)
        #expect(verifier.challenge ?? "" == challenge)
    }

    @Test func `a head may be one of a handshake, whatever the body will be`() throws {
        let graph = try Setup.verifier("{ preset: microsoft-graph, secret: \(Self.secret) }")
        let url = "https://a.example/hook"
        #expect(graph.mayBeHandshake(Sent(url: url + "?validationToken=x").request))
        #expect(!graph.mayBeHandshake(Sent(url: url).request))
        #expect(!graph.mayBeHandshake(Sent(method: "GET", url: url + "?validationToken=x").request))
        let own = try Setup.verifier(
            "{ preset: bearer, secret: \(Self.secret), handshake: "
                + "[{ name: a, when: { body.type: ping, header.X-Ask: '*' }, text: pong }] }"
        )
        #expect(own.mayBeHandshake(Sent(headers: [("X-Ask", "1")]).request))
        #expect(!own.mayBeHandshake(Sent().request))
        #expect(own.hasHandshakes(.unverified) && !own.hasHandshakes(.verified))
        let slack = try Setup.verifier("{ preset: slack, secret: \(Self.secret) }")
        #expect(!slack.mayBeHandshake(Sent().request), "what is signed is none before that")
        #expect(slack.hasHandshakes(.verified) && !slack.hasHandshakes(.unverified))
    }

    @Test func `the token of a handshake is a secret, too`() throws {
        let verifier = try Setup.verifier(
            "{ preset: bearer, secret: \(Self.secret), verify_token: abc, handshake: "
                + "[{ name: a, when: { query.ask: '*' }, token: query.word, text: '{query.ask}' }] }"
        )
        #expect(verifier.secretQueryNames == ["word"])
    }
}
