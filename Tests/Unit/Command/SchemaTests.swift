import Documents
import JSONWire
import TestKit
import Testing

/// The schema against the configurations that are shown, and against what the readers know.
@Suite struct SchemaTests {
    private static func schema() throws -> JSONValue { try Sluice(["schema"]).json }

    private static func document(_ name: String) throws -> JSONValue {
        let diagnostics = Diagnostics()
        let bytes = try Files.bytes(PackageRoot.path("config/\(name).yml"))
        let nodes = YAMLReader.read(bytes, file: name, diagnostics: diagnostics)
        return try #require(nodes.first).jsonValue
    }

    @Test(arguments: ["reference", "minimal", "image-pipeline"])
    func `every configuration that is shown is valid`(_ name: String) throws {
        let schema = try Self.schema()
        #expect(schema["$schema"]?.string == "https://json-schema.org/draft/2020-12/schema")
        #expect(SchemaCheck(schema).problems(of: try Self.document(name)) == [])
    }

    @Test(arguments: [
        "{ server: { threads: '${env.N | 2}' } }", "{ listener: { port: '${env.PORT}' } }",
        "{ log: { level: '${env.LEVEL | info}' } }", "{ listener: { bulk: '${env.BULK}' } }",
    ])
    func `settings from the environment are valid`(_ yaml: String) throws {
        let node = try #require(
            YAMLReader.read(yaml, file: "a.yml", diagnostics: Diagnostics()).first
        )
        #expect(SchemaCheck(try Self.schema()).problems(of: node.jsonValue) == [])
    }

    @Test(arguments: [
        ("{ servr: {} }", "/servr"), ("{ listener: { paht: /a } }", "/listener"),
        ("{ store: { type: stone } }", "/store"),
        ("{ server: { threads: -1 } }", "/server/threads"),
        ("{ workflow: { jobs: [{ id: a, retry: { tries: 1 } }] } }", "/workflow/jobs"),
        ("{ component: { type: ftp } }", "/component/type"),
        ("{ controller: { adapter: { prot: 1 } } }", "/controller/adapter/prot"),
    ])
    func `an unknown key or word is refused`(_ yaml: String, _ place: String) throws {
        let node = try #require(
            YAMLReader.read(yaml, file: "a.yml", diagnostics: Diagnostics()).first
        )
        #expect(SchemaCheck(try Self.schema()).problems(of: node.jsonValue) == [place])
    }

    /// Where a map of the schema stands in a configuration; KEY is the place of one of its keys.
    private static let verifiers = [
        "signature", "token", "basic", "ip", "jwt", "twilio", "sns", "http-signature",
    ]
    private static let places = [
        "": ["{ KEY }"], "secret": ["secrets: { a: { KEY } }"],
        "server": ["server: { KEY }"], "limits": ["server: { KEY }"],
        "store": ["store: { KEY }"], "executor": ["executor: { KEY }"],
        "programs": ["programs: { KEY }"], "client": ["client: { KEY }"], "log": ["log: { KEY }"],
        "controller": ["controller: { KEY }"],
        "token": ["controller: { tokens: [{ KEY }] }"],
        "adapter": ["controller: { adapter: { KEY } }"],
        "listener": [
            "listener: { type: http-callback, path: /a, KEY }",
            "listener: { type: http-trigger, path: /a, KEY }",
            "listener: { type: http-callback, KEY }",
        ],
        "verifier": verifiers.map { "verifiers: { a: { type: \($0), KEY } }" }
            + ["all", "any"].map { "verifiers: { a: { \($0): [b], KEY } }" }
            + ["verifiers: { a: { header: x, algorithm: ed25519, KEY } }"],
        "timestamp": ["verifiers: { a: { header: x, timestamp: { KEY } } }"],
        "body_hash": ["verifiers: { a: { type: jwt, body_hash: { KEY } } }"],
        "dated_secret": ["verifiers: { a: { header: x, secrets: [{ KEY }] } }"],
        "dated_key": [
            "verifiers: { a: { header: x, algorithm: ed25519, public_key: [{ KEY }] } }"
        ],
        "user": ["verifiers: { a: { type: basic, users: [{ KEY }] } }"],
        "handshake": ["verifiers: { a: { header: x, handshake: [{ KEY }] } }"],
        "callback": ["listener: { type: http-callback, callbacks: [{ path: /a, KEY }] }"],
        "trigger": ["listener: { type: http-trigger, triggers: [{ path: /a, KEY }] }"],
        "request_rate": ["listener: { path: /a, rate_limit: { KEY } }"],
        "respond": ["listener: { path: /a, respond: { KEY } }"],
        "gateway": ["public", "http-tunnel", "ssh-tunnel"].map {
            "gateway: { type: \($0), connection: {}, KEY }"
        } + ["gateway: { type: http-tunnel, KEY }", "gateway: { type: public, KEY }"],
        "connection": ["gateway: { type: ssh-tunnel, connection: { KEY } }"],
        "auth": ["gateway: { type: ssh-tunnel, connection: { auth: { KEY } } }"],
        "component": types.map { "component: { type: \($0), KEY }" }
            + delays.map {
                "component: { type: delay, \($0), KEY }"
            },
        "action": types.map { "component: { type: \($0), action: { KEY } }" }
            + delays.map {
                "component: { type: delay, action: { \($0), KEY } }"
            },
        "manage": ["component: { type: http-server, manage: { KEY } }"],
        "scripts": ["component: { type: http-server, manage: { scripts: { KEY } } }"],
        "rate_limit": ["component: { type: http-client, rate_limit: { KEY } }"],
        "completion": ["callback", "polling"].map {
            "component: { type: http-client, endpoint: 'http://a.example', completion: { type: \($0), KEY } }"
        } + ["component: { type: http-client, endpoint: 'http://a.example', completion: { KEY } }"],
        "workflow": [
            "workflow: { jobs: [{ id: a }], KEY }", "workflow: { component: a, KEY }",
        ],
        "job": jobs.map { "workflow: { jobs: [{ id: a, type: \($0), KEY }] }" } + [
            "workflow: { jobs: [{ id: a, type: if, input: 1, operator: eq, value: 1, KEY }] }",
            "workflow: { jobs: [{ id: a, type: if, if_true: a, KEY }] }",
        ],
        "retry": ["workflow: { jobs: [{ id: a, retry: { KEY } }] }"],
        "on_error": ["workflow: { jobs: [{ id: a, on_error: { KEY } }] }"],
        "interrupt": ["workflow: { jobs: [{ id: a, interrupt: { KEY } }] }"],
        "question": ["workflow: { jobs: [{ id: a, interrupt: { before: { KEY } } }] }"],
        "branch": ["workflow: { jobs: [{ id: a, type: if, conditions: [{ KEY }] }] }"],
        "case": ["workflow: { jobs: [{ id: a, type: switch, cases: [{ KEY }] }] }"],
        "routing": [
            "workflow: { jobs: [{ id: a, type: random-router, routings: [{ KEY }] }] }"
        ],
    ]
    private static let types = [
        "http-client", "http-server", "shell", "workflow", "logger", "delay",
    ]
    private static let delays = ["mode: time-interval, duration: 5s", "time: '12:00'"]
    private static let jobs = [
        "component", "wait", "delay", "if", "switch", "random-router", "filter", "for-each", "loop",
        "pipeline", "accumulate", "fan-out",
    ]
    /// Maps that only stand inside of others.
    private static let parts: Set = [
        "names", "adapter_keys", "controller_keys", "http_keys", "action_keys", "endpoint",
        "callback_keys", "callback_listener_keys", "trigger_keys", "trigger_listener_keys",
        "scheme_keys", "token_keys",
    ]

    /// Every key of the schema is one that the program knows, at least at one of its places.
    @Test func `the program knows every key of the schema`() throws {
        let schema = try Self.schema()
        var maps = ["": schema]
        guard case .object(let definitions)? = schema["$defs"] else {
            throw KitError.malformed("the schema has no $defs")
        }
        for member in definitions.members where !Self.parts.contains(member.name) {
            maps[member.name] = member.value
        }
        let directory = try TemporaryDirectory()
        var unknown: [String] = []
        for (name, map) in maps.sorted(by: { $0.key < $1.key }) {
            guard case .object(let properties)? = map["properties"] else { continue }
            let places = try #require(Self.places[name], "no place for \(name)")
            var left = Set(properties.members.map(\.name))
            for place in places {
                // What the place itself has is known, and may not stand there twice.
                left = left.filter { !place.contains(" \($0):") }
                let keys = left.sorted().map { "\($0): null" }.joined(separator: ", ")
                let text = place.replacing("KEY", with: keys)
                left.formIntersection(try Self.unknown(text, directory))
            }
            unknown += left.sorted().map { "\(name).\($0)" }
        }
        #expect(unknown == [])
    }

    /// The keys that the program does not know in a configuration.
    private static func unknown(
        _ text: String,
        _ directory: TemporaryDirectory
    ) throws -> Set<String> {
        try Files.write(text, to: directory.path("a.yml"))
        let check = try Sluice(["check", "--json", "-f", "a.yml"], directory: directory.path)
        guard case .array(let findings) = try check.json else { return [] }
        let messages = findings.compactMap { $0["message"]?.string }
        return Set(
            messages.compactMap { message in
                message.hasPrefix("unknown key `")
                    ? String(message.dropFirst(13).prefix { $0 != "`" }) : nil
            }
        )
    }
}
