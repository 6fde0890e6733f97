import Configuration
import Documents
import Primitives
import Testing

/// Keys of the reference that change what a configuration means: each is refused, or says what is so anyway.
@Suite struct RefusalTests {
    static let workflow = "workflow: { jobs: [ { id: a, component: c } ] }\n"
    static let shell = "component: { id: c, type: shell, command: [uname], KEY }\n" + workflow
    static let client =
        "component: { id: c, type: http-client, endpoint: 'http://h/x', KEY }\n" + workflow
    static let program =
        "component: { id: c, type: http-server, start: [srv], path: /x, KEY }\n" + workflow
    static let action =
        "component: { id: c, type: http-client, action: { endpoint: 'http://h/x', KEY } }\n"
        + workflow
    static let steps = "workflow: { jobs: [ { id: a, type: delay, duration: 1s, KEY } ] }\n"
    static let items =
        "component: { id: c, type: shell, command: [uname] }\n"
        + "workflow: { jobs: [ { id: a, type: for-each, input: [1], do: { component: c }, KEY } ] }\n"
    static let flow = "workflow: { jobs: [ { id: a, type: delay, duration: 1s } ], KEY }\n"
    static let whole = "KEY\n" + steps.replacing(", KEY", with: "")
    static let controller = "controller: { port: 8080, KEY }\n" + whole.replacing("KEY\n", with: "")
    static let adapter =
        "controller: { adapter: { type: http-server, KEY } }\n" + whole.replacing("KEY\n", with: "")
    static let listener =
        "listener: { path: /a, identify_by: '${body.id}', KEY }\n"
        + "workflow: { jobs: [ { id: a, type: wait, wait_for: x } ] }\n"

    private static func errors(_ text: String, _ key: String) -> [String] {
        Loading(text.replacing("KEY", with: key)).diagnostics.all
            .filter { $0.severity == .error }.map(\.message)
    }

    @Test(arguments: [
        (shell, "runtime: docker"), (shell, "runtime: { type: docker, image: alpine }"),
        (shell, "runtime: process"), (shell, "driver: ssh"),
        (shell, "hook: { after: { script: x } }"),
        (program, "runtime: docker"), (client, "runtime: virtualenv"), (client, "streaming: true"),
        (action, "streaming: true"), (action, "hook: { before: { script: x } }"),
        (steps, "hook: { after: { script: x } }"), (items, "streaming: true"),
        (flow, "hook: [ { script: x } ]"), (whole, "systems: [ { type: docker-compose } ]"),
        (whole, "system: { type: docker-compose }"), (whole, "queue: { driver: redis }"),
        (whole, "runtime: docker"), (whole, "hooks: [ x ]"), (controller, "runtime: docker"),
        (controller, "queue: { driver: redis }"), (controller, "static: { path: /x, base_dir: y }"),
        (controller, "websocket: true"), (adapter, "websocket: { path: /ws }"),
        (adapter, "runtime: { type: virtualenv }"), (listener, "runtime: docker"),
        ("controller: { KEY }\n", "adapter: { type: mcp-server }"),
        ("controller: { KEY }\n", "type: mcp-server"),
        ("controller: { port: 8080, KEY }\n", "type: queue-subscriber"),
        ("controller: { KEY }\n", "adapter: { type: queue-subscriber }"),
        (
            "controller: { KEY }\n",
            "adapters: [ { type: http-server, port: 8080 }, { type: mcp-server, port: 9 } ]"
        ),
        (
            "controller: { KEY }\n",
            "adapters: [ { type: http-server, port: 8080 }, { type: http-server, port: 9 } ]"
        ),
    ])
    func `what would make a program mean something else is refused`(text: String, key: String) {
        let errors = Self.errors(text, key)
        #expect(errors.count == 1)
        #expect(errors.allSatisfy { $0.contains("not supported") })
    }

    @Test(arguments: [
        (shell, "runtime: native"), (shell, "runtime: { type: native }"), (shell, "driver: local"),
        (client, "hook:"), (client, "streaming: false"), (items, "streaming: false"),
        (steps, "hook: {}"), (whole, "systems: []"), (whole, "runtime: native"),
        (controller, "websocket: false"), (controller, "static: []"), (controller, "queue:"),
        (adapter, "runtime: native"), (listener, "runtime: native"),
        (adapter, "runtime: { type: embedded }"), (shell, "runtime: embedded"),
        (
            "controller: { KEY }\n" + flow.replacing(", KEY", with: ""),
            "adapters: [ { type: http-server } ]"
        ),
    ])
    func `what says what is so anyway is no finding`(text: String, key: String) {
        let loading = Loading(text.replacing("KEY", with: key))
        let said = loading.found.filter { $0.noteKind != .assumed }.map(\.message)
        #expect(said == [])
    }

    @Test func `the controller's shutdown_timeout is the server's`() {
        func timeout(_ text: String) -> Int64? {
            Loading(text).configuration?.server.shutdownTimeout.count
        }
        #expect(timeout("controller: { shutdown_timeout: 7s }") == 7_000_000_000)
        #expect(
            timeout("controller: { shutdown_timeout: 7s }\nserver: { shutdown_timeout: 9s }")
                == 9_000_000_000
        )
        #expect(timeout("controller: {}") == 30_000_000_000)
    }

    @Test(
        arguments: [
            (
                "component: { type: http-client, endpoint: \"127.0.0.1:26100/x\" }",
                "http://127.0.0.1:26100/x"
            ),
            (
                "component: { type: http-client, endpoint: \"api.example.com/x\" }",
                "https://api.example.com/x"
            ),
            (
                "component: { type: http-client, base_url: \"localhost:80\", path: /x }",
                "http://localhost:80"
            ),
            ("component: { type: http-client, endpoint: \"127.0.0.1:9/${input.x}\" }", nil),
            ("component: { type: http-client, endpoint: \"ftp://h/x\" }", nil),
            ("component: { type: http-client, endpoint: \"http://h:70000/x\" }", nil),
            ("component: { type: http-client, path: \"ws://h/x\" }", nil),
            ("gateway: { type: public, url: \"https://\" }", nil),
            ("controller: { host: 999.1.1.1 }", nil), ("controller: { host: bad host }", nil),
            ("controller: { host: \"http://localhost:80/\" }", "localhost"),
            ("listener: { path: /a, host: \"127.0.0.1:8090\" }", "127.0.0.1"),
            ("listener: { path: /a, host: \"1:2:3\" }", nil),
            ("controller: { base_path: api }", "/api"),
            ("controller: { base_path: \"/a?b\" }", nil),
            ("listener: { path: \"/%61\" }", "/a"),
        ] as [(String, String?)]
    )
    func `what up would refuse, or every run would fail of, is an error`(
        text: String,
        suggestion: String?
    ) {
        let errors = Loading(text).diagnostics.all.filter { $0.severity == .error }
        #expect(errors.count == 1, "\(errors.map(\.message))")
        #expect(errors.first?.suggestion == suggestion)
    }

    @Test(arguments: [
        "component: { type: http-client, endpoint: \"${input.url}\" }",
        "component: { type: http-client, endpoint: \"http://${input.host}/x\" }",
        "component: { type: http-client, base_url: \"HTTPS://h:1/x y\", path: /a }",
        "component: { type: http-client, endpoint: \"${gateway.public_url}/x\" }\n"
            + "gateway: { type: public, url: \"https://h.example\", port: 8080 }\n"
            + "controller: { tokens: [ a-long-enough-token ] }",
        "controller: { host: \"::1\" }", "controller: { host: \"fe80::1%eth0\" }",
        "controller: { host: \"::ffff:127.0.0.1\" }", "controller: { host: my-machine.example }",
    ])
    func `what may be served is taken`(text: String) {
        #expect(Loading(text).diagnostics.all.filter { $0.severity == .error }.map(\.message) == [])
    }

    @Test func `two endpoints on one path are told at the second`() {
        let text = """
            listener:
              callbacks:
                - { path: "/a/{x}", identify_by: "${body.id}" }
                - { path: /b, identify_by: "${body.id}" }
                - { path: "/a/{y}", method: [GET, POST], identify_by: "${body.id}" }
            """
        #expect(
            Loading(text).findings == [
                "5:15 two endpoints of this listener take POST /a/{y}; the first is at s.yml:3:15"
            ] || Loading(text).findings.first?.hasPrefix("5:15 two endpoints") == true
        )
    }

    @Test(arguments: [
        "gateway: { type: http-tunnel, driver: cloudflare, tunnel: t }",
        "gateway: { type: http-tunnel, driver: cloudflare, credentials_file: f }",
        "gateway: { type: http-tunnel, driver: cloudflare, tunnel: t, credentials_file: f, token: x }",
        "listener: { path: /a, status: '${body.s}', success_when: [x, y], fail_when: [y] }",
        "component: { type: http-client, base_url: 'http://h', path: /x, completion: { type: polling, "
            + "path: /p, success_when: [x], fail_when: x } }",
        "component: { type: http-server, start: [srv], path: /x, port: 8080 }\ncontroller: {}",
    ])
    func `keys that contradict each other are an error`(text: String) {
        #expect(Loading(text).diagnostics.all.filter { $0.severity == .error }.count == 1)
    }

    @Test(arguments: [
        ("listener: { path: /a, identifyby: '${body.id}' }", "unknown key `identifyby`"),
        ("listner: { path: /a }\n" + waiting, "unknown key `listner`"),
        (
            "listener: { port: http, path: /a }\ngateway: { type: public, url: 'https://h.example', port: 26201 }",
            "found the text `http`, expected an integer from 1 to 65535"
        ),
        (
            "component: { id: worker, type: http_client, endpoint: 'http://h/x' }\nworkflow: { jobs: [ { id: a, component: worker } ] }",
            "there is no component type `http_client`; there are `http-client`, `http-server`, `shell`, `workflow`, `logger`, `delay`"
        ),
        (
            "workflow: { jobs: [ { id: r, type: random-router, routings: [ { to: nowhere } ] } ] }",
            "there is no job `nowhere` in this workflow"
        ),
        ("listener: { pth: /a, identify_by: '${body.id}' }", "unknown key `pth`"),
        (
            "compnents: { worker: { endpoint: 'http://h/x' } }\nworkflow: { jobs: [ { id: a, component: worker } ] }",
            "unknown key `compnents`"
        ),
        (
            "component: { id: c, type: shell, comand: [a] }\nworkflow: { jobs: [ { id: a } ] }",
            "unknown key `comand`"
        ),
        (
            "component: { id: c, type: http-client, endpont: 'http://h/x' }\nworkflow: { jobs: [ { id: a } ] }",
            "unknown key `endpont`"
        ),
        (
            "component: { type: delay }\nworkflow: { jobs: [ { id: l, type: loop, do: {}, untill: 1 } ] }",
            "unknown key `untill`"
        ),
    ])
    func `one mistake is told once`(text: String, message: String) {
        let found = Loading(text).diagnostics.all.filter { $0.severity != .note }.map(\.message)
        #expect(found == [message])
    }

    static let waiting =
        "component: { id: c, type: http-client, endpoint: 'http://h/x', body: { u: 'http://localhost:8090/a' }, "
        + "completion: { type: callback, wait_for: x, endpoint: /a } }\nworkflow: { jobs: [ { id: a, component: c } ] }"
}
