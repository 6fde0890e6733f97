import Configuration
import Listeners
import Testing

/// Configurations that are wrong: each is told with its place, what was found and what was expected.
@Suite struct BadConfigurationTests {
    /// A wrong configuration and what is said of it.
    struct Case: Sendable, CustomTestStringConvertible {
        let what: String
        let text: String
        let said: [String]

        var testDescription: String { what }
    }

    private static let component =
        #"component: { id: c, type: http-client, endpoint: "http://127.0.0.1:9/x" }"#

    static let cases: [Case] = [
        Case(
            what: "a tab for indentation",
            text: "listener:\n\tport: 8090\n",
            said: ["block.yml:2:1: error:", "tab"]
        ),
        Case(
            what: "an alias without an anchor",
            text: "listener: *l\n",
            said: ["block.yml:1:11: error:", "anchor"]
        ),
        Case(
            what: "an alias inside its own anchor",
            text: "listener: &l\n  path: *l\n",
            said: ["block.yml:2:9: error:", "anchor"]
        ),
        Case(
            what: "a duplicate key",
            text: "listener:\n  path: /a\n  path: /b\n",
            said: ["block.yml:3:3: error:", "`path`"]
        ),
        Case(
            what: "an unknown key",
            text: "listner:\n  path: /a\n",
            said: ["block.yml:1:1: error:", "`listner`", "did you mean `listener`?", "^"]
        ),
        Case(
            what: "an unknown key deep inside",
            text: "listener:\n  callbacks:\n    - path: /a\n      sucess_when: [x]\n",
            said: ["block.yml:4:7: error:", "did you mean `success_when`?"]
        ),
        Case(
            what: "a list where a map belongs",
            text: "listener:\n  callbacks: 5\n",
            said: ["block.yml:2:14: error:", "list"]
        ),
        Case(
            what: "text where a number belongs",
            text: "listener:\n  path: /a\n  port: many\n",
            said: ["block.yml:3:9: error:", "`many`", "port"]
        ),
        Case(
            what: "a port out of range",
            text: "listener:\n  path: /a\n  port: 70000\n",
            said: ["block.yml:3:9: error:", "70000"]
        ),
        Case(
            what: "a wrong method",
            text: "listener:\n  path: /a\n  method: FETCH\n",
            said: ["block.yml:3:11: error:", "POST"]
        ),
        Case(
            what: "a path without a slash",
            text: "listener:\n  path: a\n",
            said: ["block.yml:2:9: error:", "did you mean `/a`?"]
        ),
        Case(
            what: "an unknown type",
            text: "listener:\n  type: http-calback\n  path: /a\n",
            said: ["block.yml:2:9: error:", "did you mean `http-callback`?"]
        ),
        Case(
            what: "steps that depend on each other",
            text: component + """

                workflow:
                  jobs:
                    - { id: a, component: c, depends_on: [b] }
                    - { id: b, component: c, depends_on: [a] }
                """,
            said: ["block.yml:4:", "error:", "`a`", "`b`"]
        ),
        Case(
            what: "an unknown component",
            text: component + """

                workflow:
                  jobs:
                    - { id: a, component: d }
                """,
            said: ["block.yml:4:27: error:", "there is no component `d`"]
        ),
        Case(
            what: "an unknown workflow of a trigger",
            text: "listener: { path: /a, workflow: deploi }\n" + component
                + "\nworkflow: { id: deploy, jobs: [ { id: a, component: c } ] }\n",
            said: ["block.yml:1:33: error:", "`deploi`", "did you mean `deploy`?"]
        ),
        Case(
            what: "an unknown source in an expression",
            text: "listener:\n  path: /a\n  identify_by: ${bdy.id}\n",
            said: ["block.yml:3:", "error:", "bdy", "body"]
        ),
        Case(
            what: "an expression that does not end",
            text: "listener:\n  path: /a\n  identify_by: ${body.id\n",
            said: ["block.yml:3:16: error:"]
        ),
        Case(
            what: "a component type that is not there",
            text: "component: { id: c, type: quantum }\n",
            said: ["block.yml:1:27: error:", "quantum"]
        ),
        Case(
            what: "two listeners on one port",
            text: "listeners:\n  - { port: 8090, path: /a }\n  - { port: 8090, path: /b }\n",
            said: ["block.yml:3:13: error:", "port 8090 is another listener's already"]
        ),
        Case(
            what: "a listener on the controller's port",
            text: "controller: { port: 8090 }\nlistener: { port: 8090, path: /a }\n",
            said: ["block.yml:2:19: error:", "port 8090 is the controller's already"]
        ),
        Case(
            what: "a gateway that nobody serves",
            text:
                #"component: { id: c, type: http-client, endpoint: "${gateway:8090.public_url}/x" }"#,
            said: ["block.yml:1:", "error:", "there is no gateway on port 8090"]
        ),
        Case(
            what: "a gateway that would publish the controller",
            text:
                "controller: { port: 8080 }\ngateway: { type: public, url: \"https://a.example\", port: 8080 }\n",
            said: ["block.yml:2:", "error:", "would publish the controller"]
        ),
        Case(
            what: "a listener of both types",
            text: "listener: { path: /a, workflow: w, identify_by: \"${body.id}\" }\n",
            said: ["block.yml:1:1: error:", "`type: http-callback` or `type: http-trigger`"]
        ),
        Case(
            what: "two endpoints on one path",
            text: "listener: { callbacks: [ { path: /a }, { path: /a } ] }\n",
            said: ["error:", "two endpoints of this listener take POST /a"]
        ),
        Case(what: "a scalar", text: "hello\n", said: ["block.yml:1:1: error:", "map"]),
        Case(
            what: "several errors at once",
            text: "listener:\n  path: a\n  port: x\n  colour: red\n",
            said: ["block.yml:2:9: error:", "block.yml:3:9: error:", "block.yml:4:3: error:"]
        ),
    ]

    @Test(arguments: cases) func `it is refused with its place`(_ wrong: Case) {
        let loaded = Loaded(text: wrong.text)
        #expect(loaded.hasErrors)
        for said in wrong.said { #expect(loaded.findings.contains(said), "\(loaded.findings)") }
    }

    @Test func `a secret is not told by an error beside it`() {
        let loaded = Loaded(
            text: """
                gateway:
                  type: ssh-tunnel
                  connection:
                    host: h
                    auth: { type: password, username: u, password: [hunter2-secret], pasword: hunter3-secret }
                """
        )
        #expect(loaded.hasErrors)
        #expect(!loaded.findings.contains("hunter2"))
    }

    @Test func `an anchor stands for what it names`() {
        let loaded = Loaded(
            text: """
                x-endpoint: &endpoint { path: /a, identify_by: "${body.id}" }
                listener: { port: 8090, callbacks: [ *endpoint ] }
                """
        )
        #expect(!loaded.hasErrors, "\(loaded.findings)")
        #expect(loaded.configuration?.listeners.map(\.endpointNames) == [["POST /a"]])
    }

    @Test func `anchors that multiply are refused`() {
        let bomb = (1...30).map {
            "x-\($0): &a\($0) [\(Array(repeating: "*a\($0 - 1)", count: 9).joined(separator: ", "))]"
        }
        let loaded = Loaded(text: "x-0: &a0 [1]\n" + bomb.joined(separator: "\n"))
        #expect(loaded.hasErrors)
    }

    @Test func `an empty document is an empty configuration`() {
        let loaded = Loaded(text: "# nothing here\n")
        #expect(!loaded.hasErrors, "\(loaded.findings)")
    }
}
