import Documents
import JSONWire
import Primitives
import Security
import TestKit
import Testing
import Verification

/// Configurations with verified endpoints, and what their senders do.
enum SenderBlocks {
    /// The secret of most endpoints.
    static let secret = "a-secret-of-sixteen-bytes"

    /// A server with a verified endpoint beside open ones, and workflows that wait.
    ///
    /// `verify` is what stands under `verify:` of the endpoint `/in`, whose id is `known`.
    static func mixed(_ verify: String, store: String = "memory") -> Block {
        Block(
            text: #"""
                store: \#(store)
                controller: { adapter: { type: http-server, host: 127.0.0.1, port: 8088 } }
                listeners:
                  - type: http-callback
                    host: 127.0.0.1
                    port: 8090
                    max_body_size: 4MiB
                    callbacks:
                      - { id: known, path: /in, identify_by: "${body.id}", verify: \#(verify) }
                      - { id: open, path: /open, identify_by: "${body.id}" }
                      - { id: many, path: /many, bulk: true, identify_by: "${item.id}" }
                      - { id: closed, path: /closed, bulk: true, identify_by: "${item.id}", verify: \#(verify) }
                  - type: http-trigger
                    host: 127.0.0.1
                    port: 8091
                    triggers:
                      - { path: /go, workflow: unnamed, input: "${body}", verify: \#(verify) }
                workflows:
                  - id: wait
                    jobs: [ { id: hold on, type: wait, wait_for: "${input.key}", endpoint: known, timeout: 600s } ]
                  - id: unnamed
                    jobs: [ { id: hold on, type: wait, wait_for: "${input.key}", timeout: 600s } ]

                """#
        )
    }

    /// What stands under `verify:` for GitHub.
    static let github = "{ preset: github, secret: \(secret) }"

    /// What stands under `verify:` for a bearer token.
    static let bearer = "{ preset: bearer, secret: \(secret) }"
}

/// One who signs requests by the table of presets.
struct SigningSender {
    let verifier: Verifier
    var privateKey: PrivateKey?

    /// Reads what stands under `verify:`.
    init(_ yaml: String, privateKey: PrivateKey? = nil) throws {
        let diagnostics = Diagnostics()
        let nodes = YAMLReader.read(yaml, file: "verify.yml", diagnostics: diagnostics)
        let node = try #require(nodes.first)
        let reader = VerifierReader(diagnostics: diagnostics)
        verifier = try #require(
            reader.read(node),
            "\(diagnostics.all.map(\.message))"
        )
        self.privateKey = privateKey
    }

    /// The header fields that sign a body.
    func headers(
        _ body: [UInt8],
        method: String = "POST",
        target: String = "/in",
        authority: String = "127.0.0.1",
        further: [(String, String)] = [],
        now: WallTime = .now()
    ) throws -> [(String, String)] {
        var request = SenderRequest(method: method, target: target, authority: authority)
        for (name, value) in further { request.add(name, value) }
        let signed = try verifier.sign(
            request,
            body: body,
            id: "msg_\(UUIDv7.fresh().text)",
            now: now,
            privateKey: privateKey
        )
        return further + signed.map { ($0.name, $0.value) }
    }
}

extension ServerFixture {
    /// Sends a body that GitHub signed.
    func github(
        _ json: String,
        to target: String = "/in",
        on port: Int = 8090,
        further: [(String, String)] = []
    ) throws -> HTTPReply {
        let sender = try SigningSender(SenderBlocks.github)
        return try post(
            target,
            json,
            on: port,
            headers: sender.headers(Array(json.utf8)) + further
        )
    }

    /// Makes sure that a request is refused without a word.
    func expectUnverified(
        _ reply: HTTPReply,
        _ what: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        #expect(reply.status == 401, "\(what): \(reply.text)", sourceLocation: sourceLocation)
        let told = try JSONValue.parse(reply.body)
        #expect(told["detail"] == nil, "\(what)", sourceLocation: sourceLocation)
        #expect(told["code"] == .string("unauthorized"), sourceLocation: sourceLocation)
    }
}
