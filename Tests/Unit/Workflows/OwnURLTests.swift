import JSONWire
import Primitives
import Testing

@testable import Workflows

/// Which texts of a request make its step wait, and which never do.
@Suite struct OwnURLTests {
    static let url = "http://localhost:8090/callback"
    static let encoded = "http%3A%2F%2Flocalhost%3A8090%2Fcallback"

    static func fixture(
        _ action: String,
        input: String? = nil,
        endpoints: [OwnEndpoint] = WaitingTests.byID
    ) -> PlanFixture {
        PlanFixture(
            """
            component: { id: s, type: http-client, base_url: "http://h", \(action) }
            workflow: { jobs: [ { id: a, component: s\(input.map { ", input: \($0)" } ?? "") } ] }
            """,
            endpoints: endpoints
        )
    }

    @Test(arguments: [
        // Where it stands.
        (#"path: "/x?cb=\#(url)""#, "component.path"),
        (#"path: "/x?cb=\#(encoded)&b=1""#, "component.path"),
        (#"path: "/x?cb=${gateway:8090.public_url}/callback""#, "component.path"),
        (#"path: "/x?cb=${gateway:8090.public_url}%2Fcallback""#, "component.path"),
        (#"path: "/x/\#(url)""#, "component.path"),
        (#"path: /x, params: { cb: "\#(url)" }"#, "component.params.cb"),
        (#"path: /x, params: { cb: "\#(encoded)" }"#, "component.params.cb"),
        (
            #"path: /x, headers: { X-Callback: "<\#(url)>; rel=next" }"#,
            "component.headers.X-Callback"
        ),
        (#"path: /x, body: { a: [ 1, { b: "\#(url)" } ] }"#, "component.body.a[1].b"),
        // In a longer text.
        (#"path: /x, body: "<job><url>\#(url)</url></job>""#, "component.body"),
        (#"path: /x, body: "<url>\#(url)?a=1&amp;b=2</url>""#, "component.body"),
        (#"path: /x, body: '{"url":"\#(url)"}'"#, "component.body"),
        (#"path: /x, body: '{"url":"http:\/\/localhost:8090\/callback"}'"#, "component.body"),
        (#"path: /x, body: "a=1&cb=\#(url)&c=3""#, "component.body"),
        (#"path: /x, body: "a=1&cb=\#(encoded)&c=3""#, "component.body"),
        (#"path: /x, body: { text: "tell (\#(url)), then stop" }"#, "component.body.text"),
        (#"path: /x, body: { text: "tell \#(url)." }"#, "component.body.text"),
        (
            #"path: /x, body: { text: "${input.words} \#(url) ${input.more}" }"#,
            "component.body.text"
        ),
        (#"path: /x, body: { text: "HTTP://LocalHost:8090/callback" }"#, "component.body.text"),
        (#"path: /x, body: { text: "http://me@localhost:8090/callback" }"#, "component.body.text"),
        (#"path: /x, body: { text: "http://localhost:8090/call%62ack" }"#, "component.body.text"),
        // In what an expression may stand for.
        (#"path: /x, body: { u: '${input.u | "\#(url)"}' }"#, "component.body.u"),
        (#"path: /x, body: { u: "${input.u | \#(url)}" }"#, "component.body.u"),
        (#"path: /x, body: { u: '${input.u as text | "\#(url)"}' }"#, "component.body.u"),
        (
            #"path: /x, body: { u: "${input.base | http://localhost:8090}/callback" }"#,
            "component.body.u"
        ),
        (
            #"path: /x, body: { u: "${input.base | ${gateway:8090.public_url}}/callback" }"#,
            "component.body.u"
        ),
        (
            #"path: /x, body: { u: "${trim(gateway:8090.public_url)}/callback" }"#,
            "component.body.u"
        ),
        (
            #"path: /x, body: { u: '${replace(input.text, "CB", "\#(url)")}' }"#,
            "component.body.u"
        ),
        (
            #"path: /x, body: { "?": { input: "${input.a}", value: 1, if_true: { u: "\#(url)" } } }"#,
            "component.body.?.if_true.u"
        ),
    ])
    func `a URL of ours makes the step wait, and check names its place`(
        action: String,
        place: String
    ) {
        let fixture = Self.fixture(action)
        #expect(fixture.plans.waits.map(\.place) == [place])
        #expect(fixture.plans.waits.map(\.endpoints) == [["listener"]])
        #expect(fixture.assumptions.contains { $0.contains("whose URL is in `\(place)`") })
    }

    @Test(arguments: [
        #"path: /x, body: { u: "${input.u}" }"#,
        #"path: /x, body: { u: "${input.base}/callback" }"#,
        #"path: /x, body: { u: "http://${input.host}/callback" }"#,
        #"path: /x, body: { u: "http://localhost:${input.port}/callback" }"#,
        #"path: /x, body: { u: "http://localhost:8090/${input.path}" }"#,
        #"path: /x, body: { u: "http://localhost:8090/callback${input.x}" }"#,
        #"path: /x, body: { u: "http://localhost:8090/callbacks" }"#,
        #"path: /x, body: { u: "http://localhost:8090/callback.json" }"#,
        #"path: /x, body: { u: "http://localhost:8090/callback/" }"#,
        #"path: /x, body: { u: "http://localhost:80900/callback" }"#,
        #"path: /x, body: { u: "http://localhost.example:8090/callback" }"#,
        #"path: /x, body: { u: "ftp://localhost:8090/callback" }"#,
        #"path: /x, body: { u: "localhost:8090/callback" }"#,
        #"path: /x, body: { "http://localhost:8090/callback": 1 }"#,
        #"path: /x, output: "http://localhost:8090/callback""#,
        #"path: "http://localhost:8090/callback""#,
        #"path: "http://localhost:8090/callback?x=${input.x}""#,
        #"path: /x, body: { "?": { input: "${input.a}", value: "http://localhost:8090/callback", if_true: 1 } }"#,
    ])
    func `what is no URL of ours on the configuration's text makes nothing wait`(action: String) {
        let fixture = Self.fixture(action)
        #expect(fixture.plans.waits.isEmpty)
    }

    @Test func `another URL of ours in an address is carried, the address itself is not`() {
        #expect(Self.fixture("path: \"\(Self.url)?a=${input.a}\"").plans.waits.isEmpty)
        let fixture = Self.fixture(#"path: "http://h/x?a=\#(Self.encoded)""#)
        #expect(fixture.plans.waits.map(\.url) == [Self.url])
    }

    @Test(arguments: [
        (#"{ cb: "\#(url)" }"#, "body: { u: \"${input.cb}\" }", true),
        (#"{ cb: "${gateway:8090.public_url}/callback" }"#, "body: { u: \"${input.cb}\" }", true),
        (#"{ a: { cb: "\#(url)" } }"#, "body: { u: \"${input.a.cb}\" }", true),
        (#"{ a: { cb: "\#(url)" } }"#, "body: \"${input.a}\"", true),
        (#"{ a: { cb: "\#(url)" } }"#, "body: \"${input}\"", true),
        (#"[ "\#(url)" ]"#, "body: { u: \"${input[0]}\" }", true),
        (#""\#(url)""#, "body: { u: \"${input}\" }", true),
        (#"{ cb: "\#(url)" }"#, "params: { u: \"${input.cb | none}\" }", true),
        (#"{ cb: "${input.cb | \#(url)}" }"#, "body: { u: \"${input.cb}\" }", true),
        (#"{ cb: "\#(url)" }"#, "body: { u: \"${input.other}\" }", false),
        (#"{ cb: "\#(url)" }"#, "body: {}", false),
        (#"{ cb: "\#(url)" }"#, "body: { u: \"${input.cb}\" }, completion: none", false),
        (#"{ cb: "${input.cb}" }"#, "body: { u: \"${input.cb}\" }", false),
    ])
    func `a step's constant input makes it wait where the request sends it`(
        input: String,
        action: String,
        waits: Bool
    ) {
        let fixture = Self.fixture("path: /x, \(action)", input: input)
        #expect(fixture.plans.waits.count == (waits ? 1 : 0))
        guard waits else { return }
        #expect(fixture.plans.waits.first?.step == "a")
        #expect(fixture.plans.waits.first?.place?.hasPrefix("workflow.jobs[0].input") == true)
    }

    @Test func `a wait of one step is none of another that calls the same component`() throws {
        let fixture = PlanFixture(
            """
            component: { id: s, type: http-client, endpoint: "http://h/x", body: "${input}" }
            workflow:
              jobs:
                - { id: a, component: s, input: { cb: "\(Self.url)?run=${context.run_id}" } }
                - { id: b, component: s, input: { cb: none } }
            """,
            endpoints: [PlanFixture.endpoint("/callback", identifyBy: "${query.run}")]
        )
        #expect(fixture.findings == [])
        var stage = try #require(RunMachineFixture(fixture))
        stage.start()
        #expect(stage.words == ["wait", "POST http://h/x", "POST http://h/x"])
        stage.respond("b", "1")
        stage.respond("a", "1")
        let key = try #require(stage.wait("a")).keys[0]
        stage.callback("a", key: key, "2")
        #expect(stage.output != nil)
    }

    @Test(arguments: [
        (#"body: "<u>\#(url)?id=7&amp;x=1</u>""#, "7"),
        (#"body: { u: "see \#(url)?id=a%20b, please" }"#, "a b,"),
        (#"params: { u: "\#(encoded)%3Fid%3D7" }"#, "7"),
        (#"body: { u: "\#(url)?id=${input.n}" }"#, "9"),
    ])
    func `the key in the URL's query is found in the text that is sent`(
        action: String,
        key: String
    ) throws {
        let fixture = Self.fixture(
            "path: /x, \(action)",
            endpoints: [PlanFixture.endpoint("/callback", identifyBy: "${query.id}")]
        )
        var stage = try #require(RunMachineFixture(fixture))
        stage.start(#"{"n":9}"#)
        #expect(stage.words.prefix(2) == ["wait", "addKey \(key)"])
    }

    @Test func `a name in the endpoint's path stands for any text of the URL`() throws {
        let fixture = Self.fixture(
            #"path: /x, body: { u: "http://localhost:8090/hooks/${context.run_id}/done" }"#,
            endpoints: [PlanFixture.endpoint("/hooks/{id}/done", identifyBy: "${path.id}")]
        )
        #expect(fixture.findings == [])
        #expect(fixture.plans.waits.map(\.keys) == [["${context.run_id}"]])
        var stage = try #require(RunMachineFixture(fixture))
        stage.start()
        #expect(stage.words == ["wait", "POST http://h/x"])
    }

    @Test(arguments: [
        // Keys that are told.
        (#"body: { id: "${context.run_id}" }"#, "${context.run_id}", true),
        (#"path: "/x/${context.run_id}""#, "${context.run_id}", true),
        (#"headers: { X-Id: "run ${context.run_id}" }"#, "${context.run_id}", true),
        (#"body: "${context}""#, "${context.run_id}", true),
        ("body: {}", "${input.order}", true),
        ("body: {}", "${response.id}", true),
        ("body: {}", "fixed", true),
        // A key that nobody hears of.
        ("body: {}", "${context.run_id}", false),
        (#"body: { id: "${context.task_id}" }"#, "${context.run_id}", false),
        (#"body: { id: "${input.id}" }"#, "job-${context.run_id}", false),
    ])
    func `a said key that the request does not carry is a warning`(
        action: String,
        key: String,
        isTold: Bool
    ) {
        let path = action.hasPrefix("path") ? "" : "path: /x, "
        let fixture = Self.fixture(
            "\(path)\(action), completion: { type: callback, wait_for: \"\(key)\" }"
        )
        let warning =
            "1:12 nobody outside can know the key that `s` waits for: its request does not carry "
            + "`${context.run_id}`"
        #expect(fixture.findings == (isTold ? [] : [warning]))
    }

    @Test func `a step that hands the attempt's id on tells it`() {
        let action =
            #"path: /x, body: { id: "${input.id}" }, completion: { type: callback, wait_for: "${context.run_id}" }"#
        #expect(Self.fixture(action, input: #"{ id: "${context.run_id}" }"#).findings == [])
        #expect(Self.fixture(action, input: #"{ id: "${context.task_id}" }"#).findings.count == 1)
    }

    @Test(arguments: [
        ("${body.id}", url, ["${context.run_id}", "${response.id}"], true),
        ("${query.run}", url + "?run=${context.run_id}", ["${context.run_id}"], true),
        ("${query.run}", url + "?run=${input.n}", ["${context.run_id}", "${input.n}"], true),
        ("${query.run}", url, ["${context.run_id}"], false),
        ("${query.run}", url + "?walk=7", ["${context.run_id}"], false),
        ("${header.X-Id}", url, ["${context.run_id}"], false),
    ])
    func `the keys of an implicit wait are those that a callback can carry`(
        identifyBy: String,
        url: String,
        keys: [String],
        isTold: Bool
    ) {
        let fixture = Self.fixture(
            "path: /x, body: { u: \"\(url)\" }",
            endpoints: [PlanFixture.endpoint("/callback", identifyBy: identifyBy)]
        )
        #expect(fixture.plans.waits.map(\.keys) == [keys])
        #expect(fixture.findings.isEmpty == isTold)
    }

    @Test(arguments: [
        ("/f/{rest:path}", "${path.rest}", "/f/a/${context.run_id}", "a/${context.run_id}"),
        ("/f/{rest:path}", "${path.rest}", "/f/${context.run_id}", "${context.run_id}"),
        ("/f/{rest:path}", "${path.rest}", "/f/${input.n}/b/c", "${input.n}/b/c"),
        ("/f/{id}/{rest:path}", "${path.id}", "/f/${input.n}/b/c/d", "${input.n}"),
        ("/f/{id}/{rest:path}", "${path.rest}", "/f/${input.n}/b/c/d", "b/c/d"),
        ("/f/{id}/done", "${path.id}", "/f/${input.n}/done", "${input.n}"),
    ])
    func `the rest of a path belongs to a URL of ours, and is its key`(
        pattern: String,
        identifyBy: String,
        path: String,
        key: String
    ) {
        for origin in ["http://localhost:8090", "${gateway:8090.public_url}"] {
            let fixture = Self.fixture(
                "path: /x, body: { u: \"\(origin)\(path)?a=1\" }",
                endpoints: [PlanFixture.endpoint(pattern, identifyBy: identifyBy)]
            )
            let keys = fixture.plans.waits.map(\.keys)
            #expect(keys == [["${context.run_id}"] + (key == "${context.run_id}" ? [] : [key])])
            #expect(fixture.findings == [])
        }
    }

    @Test(arguments: ["/f", "/g/a", "/a/f/b"])
    func `another path is none of ours where the rest is taken`(_ path: String) {
        let fixture = Self.fixture(
            "path: /x, body: { u: \"http://localhost:8090\(path)\" }",
            endpoints: [PlanFixture.endpoint("/f/{rest:path}", identifyBy: "${path.rest}")]
        )
        #expect(fixture.plans.waits.isEmpty)
    }

    @Test func `an escape in the path of a URL of ours is no near miss`() {
        let fixture = Self.fixture(#"path: /x, body: { u: "http://localhost:8090/call%62ack" }"#)
        #expect(fixture.plans.waits.count == 1)
        #expect(fixture.findings == [])
    }

    @Test func `a said wait names the endpoints that can answer`() {
        func answering(_ completion: String) -> [String]? {
            Self.fixture(
                "path: /x, body: { id: \"${context.run_id}\" }, completion: \(completion)",
                endpoints: [
                    PlanFixture.endpoint("/a", identifyBy: "${body.id}", name: "a"),
                    PlanFixture.endpoint("/b", identifyBy: "${body.id}", channel: 7, name: "b"),
                    PlanFixture.endpoint("/c", name: "c"),
                ]
            ).plans.waits.first?.endpoints
        }
        #expect(answering("{ type: callback, wait_for: \"${context.run_id}\" }") == ["a", "b"])
        #expect(answering("{ type: callback, wait_for: x, endpoint: /b }") == ["b"])
        #expect(answering("callback") == ["c"])
    }

    @Test func `a near miss of a URL of ours is told, whatever names its origin`() {
        for origin in ["http://localhost:8090", "${gateway:8090.public_url}"] {
            let fixture = Self.fixture("path: /x, body: { u: \"\(origin)/calback\" }")
            #expect(
                fixture.findings == [
                    "1:83 there is no callback endpoint `/calback` on port 8090 (/callback)"
                ]
            )
        }
        #expect(Self.fixture(#"path: /x, body: { u: "http://h:8090/calback" }"#).findings == [])
    }
}
