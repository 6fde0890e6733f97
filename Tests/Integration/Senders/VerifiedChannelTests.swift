import Configuration
import JSONWire
import TestKit
import Testing

/// Which endpoints answer which waits, and how much of a listener those have that nobody vouches for.
@Suite struct VerifiedChannelTests {
    private static func listener(_ callbacks: String, limits: String = "") -> String {
        """
        store: memory
        controller: { adapter: { type: http-server, host: 127.0.0.1, port: 8088 } }
        listener:
          type: http-callback
          host: 127.0.0.1
          port: 8090
          \(limits)
          callbacks:
        \(callbacks)
        workflows:
          - { id: wait, jobs: [ { id: hold, type: wait, wait_for: "${input.key}", timeout: 600s } ] }
          - { id: named, jobs: [ { id: hold, type: wait, wait_for: "${input.key}", endpoint: known, timeout: 600s } ] }

        """
    }

    private static let known =
        #"    - { id: known, path: /in, identify_by: "${body.id}", verify: \#(SenderBlocks.github) }"#
    private static let open = #"    - { path: /open, identify_by: "${body.id}" }"#

    @Test func `where every endpoint is verified, they answer waits that name none`() throws {
        let fixture = try ServerFixture(Block(text: Self.listener(Self.known)))
        defer { fixture.stop() }
        let run = try fixture.wait(for: "a")
        try fixture.expectUnverified(try fixture.post("/in", #"{"id":"a"}"#), "unsigned")
        try expect(try fixture.github(#"{"id":"a"}"#), .delivered)
        _ = try fixture.output(run)
    }

    @Test func `beside an open endpoint a verified one answers only waits that name it`() throws {
        let fixture = try ServerFixture(
            Block(text: Self.listener([Self.known, Self.open].joined(separator: "\n")))
        )
        defer { fixture.stop() }
        let unnamed = try fixture.wait(for: "a")
        try expect(try fixture.github(#"{"id":"a"}"#), .held)
        #expect(try fixture.state(unnamed)["status"] == .string("waiting"))
        try expect(try fixture.post("/open", #"{"id":"a"}"#), .delivered)
        // What was held at the verified endpoint is for the wait that names it.
        let named = try fixture.start(#"{"key":"a"}"#, workflow: "named")
        try fixture.state(named, reaches: "completed")
    }

    @Test func `an endpoint that names a channel is on it, verified or not`() throws {
        let both = [
            Self.known.replacing("path:", with: "channel: one, path:"),
            Self.open.replacing("path:", with: "channel: one, path:"),
        ].joined(separator: "\n")
        let fixture = try ServerFixture(Block(text: Self.listener(both)))
        defer { fixture.stop() }
        let run = try fixture.start(#"{"key":"a"}"#, workflow: "named")
        try fixture.state(run, reaches: "waiting")
        try expect(try fixture.post("/open", #"{"id":"a"}"#), .delivered)
    }

    @Test func `callbacks of nobody known fill half of a listener, and leave the rest`() throws {
        let fixture = try ServerFixture(
            Block(
                text: Self.listener(
                    [Self.known, Self.open].joined(separator: "\n"),
                    limits: "max_held_count: 5"
                )
            )
        )
        defer { fixture.stop() }
        for number in 0..<2 {
            try expect(try fixture.post("/open", #"{"id":"o-\#(number)"}"#), .held)
        }
        try expect(try fixture.post("/open", #"{"id":"o-2"}"#), .refused(503))
        for number in 0..<3 { try expect(try fixture.github(#"{"id":"k-\#(number)"}"#), .held) }
        try expect(try fixture.github(#"{"id":"k-3"}"#), .refused(503))
        // A place that is given back is there again, for the listener and for its share.
        let run = try fixture.start(#"{"key":"o-0"}"#, workflow: "wait")
        _ = try fixture.output(run)
        try expect(try fixture.post("/open", #"{"id":"o-3"}"#), .held)
        try expect(try fixture.post("/open", #"{"id":"o-4"}"#), .refused(503))
    }

    @Test func `held callbacks count against the same share after a restart`() throws {
        let directory = try TemporaryDirectory()
        let text = Self.listener(
            [Self.known, Self.open].joined(separator: "\n"),
            limits: "max_held_count: 4"
        ).replacing("store: memory", with: #"store: { path: "\#(directory.path("store"))" }"#)
        let fixture = try ServerFixture(Block(text: text), isDurable: true)
        defer { fixture.stop() }
        for number in 0..<2 {
            try expect(try fixture.post("/open", #"{"id":"o-\#(number)"}"#), .held)
        }
        try fixture.restart(Block(text: text))
        try expect(try fixture.post("/open", #"{"id":"o-2"}"#), .refused(503))
        for number in 0..<2 { try expect(try fixture.github(#"{"id":"k-\#(number)"}"#), .held) }
        try expect(try fixture.github(#"{"id":"k-2"}"#), .refused(503))
    }

    @Test func `the ledger has neither token nor signature`() throws {
        let directory = try TemporaryDirectory()
        let store = #"{ path: "\#(directory.path("store"))" }"#
        let verify =
            "{ any: [{ type: token, header: X-Key, secret: \(SenderBlocks.secret) }, "
            + "{ type: token, query: k, secret: \(SenderBlocks.secret) }] }"
        let fixture = try ServerFixture(SenderBlocks.mixed(verify, store: store), isDurable: true)
        defer { fixture.stop() }
        let key = [("X-Key", SenderBlocks.secret)]
        for reply in [
            try fixture.post("/in?k=\(SenderBlocks.secret)&l=1", #"{"id":"a"}"#),
            try fixture.post("/in", #"{"id":"b"}"#, headers: key),
            try fixture.post("/open?k=\(SenderBlocks.secret)", #"{"id":"c"}"#, headers: key),
        ] {
            try expect(reply, .held)
            let shown = try fixture.request(reply, is: "held").jsonText
            #expect(!shown.contains(SenderBlocks.secret), "\(shown)")
            #expect(shown.contains("hash:"))
        }
    }

    // MARK: What is said of it

    private static func findings(_ text: String) -> String { Loaded(text: text).findings }

    @Test func `an endpoint that anybody reaches and nothing verifies is told`() {
        let text = Self.listener([Self.known, Self.open].joined(separator: "\n"))
        #expect(!Self.findings(text).contains("anybody"))
        let shown = Self.findings(
            text.replacing("  host: 127.0.0.1\n  port: 8090", with: "  port: 8090")
        )
        #expect(
            shown.contains(
                "anybody who reaches 0.0.0.0:8090 can end waits through POST /open: nothing says who may send"
            ),
            "\(shown)"
        )
        let verified = Self.listener(Self.known).replacing(
            "  host: 127.0.0.1\n  port: 8090",
            with: "  port: 8090"
        )
        #expect(!Self.findings(verified).contains("anybody"))
    }

    @Test(arguments: [
        ("", "nothing stands under `verify`"),
        ("{ preset: githob, secret: \(SenderBlocks.secret) }", "there is no preset `githob`"),
        ("{ preset: github, secret: '' }", "the secret is empty"),
        ("{ preset: github, secret: '${env.NOT_SET}' }", "`NOT_SET`"),
        ("{ preset: github }", "the key `secret` is missing"),
        ("partner", "there is no verifier `partner` under `verifiers`"),
        ("{ preset: github, secret: \(SenderBlocks.secret), sekret: 1 }", "sekret"),
        ("[github]", "expected"),
        ("{ all: [] }", "found 0 verifiers"),
    ])
    func `what cannot verify is an error at load`(_ verify: String, _ told: String) {
        let text = Self.listener(
            #"    - { id: known, path: /in, identify_by: "${body.id}", verify: \#(verify) }"#
        )
        let loaded = Loaded(text: text)
        #expect(loaded.hasErrors, "\(verify)")
        #expect(loaded.findings.contains(told), "\(loaded.findings)")
        let whole = Self.listener(Self.open, limits: "verify: \(verify)")
        #expect(Loaded(text: whole).hasErrors, "at the listener: \(verify)")
    }

    @Test func `a short secret is a warning`() {
        let loaded = Loaded(
            text: Self.listener(Self.known.replacing(SenderBlocks.secret, with: "short"))
        )
        #expect(!loaded.hasErrors)
        #expect(loaded.findings.contains("the secret has 5 bytes"), "\(loaded.findings)")
    }

    @Test func `a verifier is named, holds for a listener, and an endpoint's own wins`() throws {
        let text =
            Self.listener(
                [
                    Self.open,
                    #"    - { id: own, path: /own, identify_by: "${body.id}", verify: token }"#,
                ]
                .joined(separator: "\n"),
                limits: "verify: partner"
            ).replacing("endpoint: known", with: "endpoint: own") + """
                verifiers:
                  partner: { preset: github, secrets: [ { secret: "${secret.OLD}", not_after: 2020-01-01 }, "${secret.NEW}" ] }
                  token: { preset: bearer, secret: "${env.TOKEN}" }
                secrets: { OLD: { env: OLD }, NEW: { env: NEW } }

                """
        let fixture = try ServerFixture(
            Block(text: text),
            environment: [
                "TOKEN": "another-secret-of-16", "NEW": SenderBlocks.secret,
                "OLD": "an-old-secret-of-16b",
            ]
        )
        defer { fixture.stop() }
        try expect(try fixture.github(#"{"id":"a"}"#, to: "/open"), .held)
        try fixture.expectUnverified(try fixture.github(#"{"id":"a"}"#, to: "/own"), "own wins")
        let token = [("Authorization", "Bearer another-secret-of-16")]
        try expect(try fixture.post("/own", #"{"id":"a"}"#, headers: token), .held)
        try fixture.expectUnverified(
            try fixture.post("/open", #"{"id":"b"}"#, headers: token),
            "the listener's"
        )
        let old = try SigningSender("{ preset: github, secret: an-old-secret-of-16b }")
        let body = #"{"id":"c"}"#
        let late = try fixture.post("/open", body, headers: old.headers(Array(body.utf8)))
        try fixture.expectUnverified(late, "a secret beyond its not_after")
    }
}
