import JSONWire
import Primitives
import Testing

@testable import Workflows

/// Who waits, under which keys, and what becomes of the wait.
@Suite struct WaitingTests {
    static var byID: [OwnEndpoint] {
        [PlanFixture.endpoint("/callback", identifyBy: "${body.id}")]
    }

    static func fixture(
        _ action: String,
        completion: String? = nil,
        endpoints: [OwnEndpoint] = byID
    ) -> PlanFixture {
        let completion = completion.map { ", completion: \($0)" } ?? ""
        return PlanFixture(
            """
            component: { id: s, type: http-client, endpoint: "http://h/x", \(action)\(completion) }
            workflow: { jobs: [ { id: a, component: s } ] }
            """,
            endpoints: endpoints
        )
    }

    @Test(arguments: [
        (#"body: { u: "${gateway:8090.public_url}/callback" }"#, true),
        (#"body: { deep: [ { u: "http://localhost:8090/callback?x=1#f" } ] }"#, true),
        (#"body: { u: "HTTP://LOCALHOST:8090/callback" }"#, true),
        (#"body: { u: "http://[::1]:8090/callback" }"#, true),
        (#"body: { u: "http://${gateway:8090.public_address}/callback" }"#, true),
        (#"body: { u: "http://localhost:${gateway:8090.port}/callback" }"#, true),
        (#"params: { u: "http://127.0.0.1:8090/callback" }"#, true),
        (#"headers: { X-Callback: "http://127.0.0.1:8090/callback" }"#, true),
        (#"body: "http://127.0.0.1:8090/callback""#, true),
        (#"body: { u: "${env.BASE | http://127.0.0.1:8090}/callback" }"#, true),
        (#"body: { u: "${gateway:8090.public_url}/callback?id=${context.run_id}" }"#, true),
        (#"body: { u: "${gateway:8090.public_url}/callback${input.x}" }"#, false),
        (#"body: { u: "${input.u}" }"#, false),
        (#"body: { u: "${input.base}/callback" }"#, false),
        (#"body: { u: "http://localhost:8091/callback" }"#, false),
        (#"body: { u: "https://localhost:8090/callback" }"#, false),
        (#"body: { u: "http://localhost:8090/callback/more" }"#, false),
        (#"body: { u: "see http://localhost:8090/callback" }"#, true),
        (#"path: "http://localhost:8090/callback""#, false),
    ])
    func `a request waits when its text carries a URL of ours`(action: String, waits: Bool) {
        let address = action.hasPrefix("path") ? "" : "endpoint: \"http://h/x\", "
        let fixture = PlanFixture(
            "component: { id: s, type: http-client, \(address)\(action) }",
            endpoints: Self.byID
        )
        #expect(fixture.plans.waits.count == (waits ? 1 : 0))
    }

    @Test func `completion none switches the waiting off`() throws {
        let fixture = Self.fixture(
            #"body: { u: "http://localhost:8090/callback" }"#,
            completion: "none"
        )
        var stage = try #require(RunMachineFixture(fixture))
        stage.start()
        #expect(stage.words == ["POST http://h/x"])
        stage.respond("a", "1")
        #expect(stage.output == .integer(1))
    }

    @Test func `an explicit key is registered before the request, and its mapping stands`() throws {
        let fixture = Self.fixture(
            #"body: {}, output: { task: "${response.id}", r: "${result.x}" }"#,
            completion: #"{ type: callback, wait_for: "${input.key}", timeout: 30s }"#
        )
        var stage = try #require(RunMachineFixture(fixture))
        stage.start(#"{"key":"k-1"}"#)
        #expect(stage.words == ["wait", "POST http://h/x"])
        #expect(stage.wait("a")?.keys == ["k-1"])
        #expect(stage.wait("a")?.deadline == stage.wall.advanced(by: .seconds(30)))
        stage.respond("a", #"{"id":"t"}"#)
        #expect(stage.words == [])
        stage.callback("a", key: "k-1", #"{"x":7,"y":8}"#)
        #expect(stage.output?.text == #"{"task":"t","r":7}"#)
    }

    @Test func `an explicit key of the response is registered after it`() throws {
        let fixture = Self.fixture(
            "body: {}",
            completion: #"{ type: callback, wait_for: "${response.id}" }"#
        )
        var stage = try #require(RunMachineFixture(fixture))
        stage.start()
        #expect(stage.words == ["POST http://h/x"])
        stage.respond("a", #"{"id":5}"#)
        #expect(stage.words == ["wait"])
        #expect(stage.wait("a")?.keys == ["5"])
        #expect(stage.machine.status == .waiting)
        stage.callback("a", key: "5", #""done""#)
        #expect(stage.output == .string("done"))
    }

    @Test func `an explicit key that is null fails the step`() throws {
        let fixture = Self.fixture(
            "body: {}",
            completion: #"{ type: callback, wait_for: "${response.id}" }"#
        )
        var stage = try #require(RunMachineFixture(fixture))
        stage.start()
        stage.respond("a", "{}")
        #expect(stage.failure?.code == .waitKeyInvalid)
    }

    @Test func `completion callback without a key uses the URL, else the one shared key`() throws {
        var carried = try #require(
            RunMachineFixture(
                Self.fixture(
                    #"body: { u: "http://localhost:8090/callback" }"#,
                    completion: "{ type: callback }"
                )
            )
        )
        carried.start()
        #expect(carried.wait("a")?.keys == carried.wait("a").map { [$0.id.text] })
        var bare = try #require(RunMachineFixture(Self.fixture("body: {}", completion: "callback")))
        bare.start()
        #expect(bare.wait("a")?.keys == ["__callback__"])
    }

    @Test func `a key in the query of our URL is registered before the request`() throws {
        let fixture = Self.fixture(
            #"body: { u: "http://localhost:8090/callback?id=order%20${input.n}" }"#,
            endpoints: [PlanFixture.endpoint("/callback", identifyBy: "${query.id}")]
        )
        var stage = try #require(RunMachineFixture(fixture))
        stage.start(#"{"n":7}"#)
        #expect(stage.words == ["wait", "addKey order 7", "POST http://h/x"])
    }

    @Test func `an endpoint without identify_by has the shared key`() throws {
        let fixture = Self.fixture(
            #"body: { u: "http://localhost:8090/callback" }"#,
            endpoints: [PlanFixture.endpoint("/callback")]
        )
        var stage = try #require(RunMachineFixture(fixture))
        stage.start()
        #expect(stage.words == ["wait", "addKey __callback__", "POST http://h/x"])
    }

    @Test func `several endpoints wait on their channels, each with its own key`() throws {
        let fixture = Self.fixture(
            #"body: { ok: "http://localhost:8090/ok", no: "http://localhost:8090/no" }"#,
            endpoints: [
                PlanFixture.endpoint("/ok", identifyBy: "${body.id}", channel: 1),
                PlanFixture.endpoint("/no", identifyBy: "${body.error_id}", channel: 2),
            ]
        )
        var stage = try #require(RunMachineFixture(fixture))
        stage.start()
        let channels = stage.effects.compactMap { effect -> [UInt32]? in
            if case .wait(_, _, let channels, _, _) = effect { channels } else { nil }
        }
        #expect(channels == [[1, 2]])
        stage.respond("a", #"{"id":"i","error_id":"e"}"#)
        let added = stage.effects.compactMap { effect -> String? in
            guard case .addKey(_, let channels, let key) = effect else { return nil }
            return "\(channels) \(String(decoding: key, as: UTF8.self))"
        }
        #expect(added == ["[1] i", "[2] e"])
    }

    @Test func `without an output the result alone counts, also before the response`() throws {
        let fixture = Self.fixture(#"body: { u: "http://localhost:8090/callback" }"#)
        var stage = try #require(RunMachineFixture(fixture))
        stage.start()
        stage.callback("a", key: "x", #"{"r":1}"#)
        #expect(stage.words == ["finished"])
        #expect(stage.output?.text == #"{"r":1}"#)
    }

    @Test func `a second callback and an expiry after the first change nothing`() throws {
        let fixture = Self.fixture(
            #"body: { u: "http://localhost:8090/callback" }, output: "${response}""#
        )
        var stage = try #require(RunMachineFixture(fixture))
        stage.start()
        stage.callback("a", key: "x", #"{"r":1}"#)
        stage.callback("a", key: "x", #"{"r":2}"#)
        #expect(stage.effects.isEmpty)
        let ref = try #require(stage.wait("a")?.ref)
        stage.send(.waitExpired(ref))
        #expect(stage.effects.isEmpty)
        stage.respond("a", #"{"s":3}"#)
        #expect(stage.output?.text == #"{"s":3,"r":1}"#)
    }

    @Test func `a retried wait has a new id, and a callback to the old one is nothing`() throws {
        let fixture = PlanFixture(
            #"""
            component: { id: s, type: http-client, endpoint: "http://h/x", body: { u: "http://localhost:8090/callback" } }
            workflow: { jobs: [ { id: a, component: s, retry: 2 } ] }
            """#,
            endpoints: Self.byID
        )
        var stage = try #require(RunMachineFixture(fixture))
        stage.start()
        let first = try #require(stage.wait("a"))
        stage.callback("a", key: "x", "null", isFailure: true, status: "failed")
        stage.ring()
        let second = try #require(stage.wait("a"))
        #expect(first.id != second.id)
        stage.send(
            .callback(
                first.ref,
                CallbackOutcome(key: "x", isFailure: false, status: nil, result: .bool(true))
            )
        )
        #expect(stage.effects.isEmpty)
    }

    @Test func `polling asks until the status says so`() throws {
        let fixture = Self.fixture(
            #"body: {}, output: { id: "${response.id}", url: "${result.url}" }"#,
            completion:
                #"{ type: polling, endpoint: "http://h/jobs/${response.id}", status: "${result.state}", success_when: done, fail_when: [ broken ], interval: 2s, timeout: 10s }"#
        )
        var stage = try #require(RunMachineFixture(fixture))
        stage.start()
        stage.respond("a", #"{"id":4}"#)
        #expect(stage.words == ["set poll"])
        stage.ring()
        #expect(stage.time == 2000)
        #expect(stage.words == ["GET http://h/jobs/4"])
        stage.respond("a", #"{"state":"busy"}"#, status: 404)
        #expect(stage.words == ["set poll"])
        var failing = stage
        failing.ring()
        failing.respond("a", #"{"state":"broken"}"#)
        #expect(failing.failure?.message == "polling ended with the status 'broken'")
        stage.ring()
        stage.respond("a", #"{"state":"done","url":"u"}"#)
        #expect(stage.output?.text == #"{"id":4,"url":"u"}"#)
    }

    @Test func `polling without a status reads that of HTTP, and ends with its time`() throws {
        let fixture = Self.fixture(
            "body: {}",
            completion: #"{ type: polling, endpoint: "http://h/p", interval: 4s, timeout: 10s }"#
        )
        var stage = try #require(RunMachineFixture(fixture))
        stage.start()
        stage.respond("a", "{}")
        stage.ring()
        var good = stage
        good.respond("a", #"{"ok":1}"#, status: 201)
        #expect(good.output?.text == #"{"ok":1}"#)
        stage.fail("a")
        stage.ring()
        stage.respond("a", "{}", status: 503)
        #expect(stage.failure?.code == .requestTimeout)
    }

    @Test func `an endpoint or channel that nobody has is told`() {
        let fixture = Self.fixture(
            "body: {}",
            completion: #"{ type: callback, wait_for: k, endpoint: /calback }"#
        )
        #expect(fixture.findings == ["1:127 there is no callback endpoint `/calback` (/callback)"])
    }
}
