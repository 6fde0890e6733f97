import Documents
import JSONWire
import TestKit
import Testing

@Suite struct AccessTests {
    private static let tokens =
        "  tokens: [\"${env.API_TOKEN}\", { name: ci, token: second-secret-token }]\n"
    private static let environment = ["API_TOKEN": "first-secret-token"]

    private static func fixture(_ more: String = "") throws -> ControllerFixture {
        try ControllerFixture(controller: tokens + more, environment: environment)
    }

    @Test func `each token opens the controller, in either header`() throws {
        let fixture = try Self.fixture()
        for headers in [
            [("Authorization", "Bearer first-secret-token")],
            [("authorization", "bearer second-secret-token")],
            [("X-API-Key", "first-secret-token")],
            [("Authorization", "Basic abc"), ("X-API-Key", "second-secret-token")],
        ] {
            #expect(try fixture.api.get("/workflows", headers: headers).status == 200)
        }
        try eventually { fixture.lines.all.contains { $0.contains("token=ci") } }
        #expect(!fixture.lines.all.contains { $0.contains("secret") })
    }

    @Test(arguments: [
        [], [("Authorization", "Bearer ")], [("Authorization", "Bearer wrong")],
        [("Authorization", "Bearer first-secret-toke")], [("Authorization", "first-secret-token")],
        [("Authorization", "Bearer first-secret-token2")], [("X-API-Key", "")],
        [("Authorization", "Basic Zmlyc3Qtc2VjcmV0LXRva2Vu")],
        [("Authorization", "Bearer wrong"), ("X-API-Key", "first-secret-token")],
    ]) func `anything else is refused without a word`(_ headers: [(String, String)]) throws {
        let fixture = try Self.fixture()
        for target in ["/workflows", "/openapi.json", "/tasks", "/tasks/x", "/tasks/x/events"] {
            let reply = try fixture.api.get(target, headers: headers)
            #expect(reply.status == 401)
            #expect(reply.headers["www-authenticate"] == #"Bearer realm="sluice""#)
            #expect(reply.json["code"] == .string("unauthorized"))
            #expect(reply.json["detail"] == nil)
        }
        let start = try fixture.api.post("/workflows/runs", json: "{}", headers: headers)
        #expect(start.status == 401)
    }

    @Test(arguments: ["/health", "/livez", "/readyz"])
    func `what watches over the server needs no token`(_ path: String) throws {
        let fixture = try Self.fixture()
        let reply = try fixture.api.get(path)
        #expect(reply.status == 200)
        #expect(reply.text == #"{"status":"ok"}"#)
    }

    @Test func `with tokens any host may be named`() throws {
        let fixture = try Self.fixture()
        let headers = [("Host", "sluice.example.com"), ("X-API-Key", "first-secret-token")]
        #expect(try fixture.api.get("/workflows", headers: headers).status == 200)
        let origin = headers + [("Origin", "https://evil.example.com")]
        let reply = try fixture.api.get("/workflows", headers: origin)
        #expect(reply.status == 200)
        #expect(reply.headers["access-control-allow-origin"] == nil)
    }

    @Test func `without tokens foreign hosts and origins are refused`() throws {
        let fixture = try ControllerFixture()
        let host = try fixture.api.get("/workflows", headers: [("Host", "sluice.example.com")])
        #expect(host.status == 403)
        #expect(host.json["code"] == .string("host_forbidden"))
        let origin = try fixture.api.get(
            "/workflows",
            headers: [("Origin", "https://a.example.com")]
        )
        #expect(origin.status == 403)
        #expect(origin.json["code"] == .string("origin_forbidden"))
        let form = try fixture.api.send(
            "POST",
            "/workflows/runs",
            headers: [("Content-Type", "application/x-www-form-urlencoded")],
            body: Array("workflow_id=quick".utf8)
        )
        #expect(form.status == 415)
    }

    @Test func `without tokens no page of another origin is let in, whatever the origins`() throws {
        let fixture = try ControllerFixture(controller: "  origins: \"*\"\n")
        let reply = try fixture.api.send(
            "OPTIONS",
            "/workflows/runs",
            headers: [("Origin", "https://a.example.com")]
        )
        #expect(reply.headers["access-control-allow-origin"] == nil)
        let direct = try fixture.api.get(
            "/workflows",
            headers: [("Origin", "https://a.example.com")]
        )
        #expect(direct.status == 403)
    }

    @Test(arguments: [
        "  origins: https://a.example.com, http://localhost:3000\n",
        "  origins: [\"https://A.example.com\", \"http://localhost:3000\"]\n",
    ]) func `pages of the origins named may read answers`(_ origins: String) throws {
        let fixture = try Self.fixture(origins)
        let preflight = try fixture.api.send(
            "OPTIONS",
            "/tasks/x/cancel",
            headers: [
                ("Origin", "https://a.example.com"), ("Access-Control-Request-Method", "POST"),
            ]
        )
        #expect(preflight.status == 204)
        #expect(preflight.headers["access-control-allow-origin"] == "https://a.example.com")
        #expect(
            preflight.headers["access-control-allow-headers"]?.contains("Authorization") == true
        )
        #expect(preflight.headers["access-control-allow-credentials"] == nil)
        let key = ("X-API-Key", "first-secret-token")
        for origin in ["https://a.example.com", "http://localhost:3000"] {
            let reply = try fixture.api.get("/workflows", headers: [("Origin", origin), key])
            #expect(reply.headers["access-control-allow-origin"] == origin)
            #expect(reply.headers["vary"] == "Origin")
        }
        // A refusal is readable too, else nobody finds out why.
        let refused = try fixture.api.get(
            "/workflows",
            headers: [("Origin", "https://a.example.com")]
        )
        #expect(refused.status == 401)
        #expect(refused.headers["access-control-allow-origin"] == "https://a.example.com")
        for origin in ["https://b.example.com", "null", "https://a.example.com.evil.org"] {
            let reply = try fixture.api.get("/workflows", headers: [("Origin", origin), key])
            #expect(reply.headers["access-control-allow-origin"] == nil)
        }
    }

    @Test func `an answer that waits and a stream carry the fields too`() throws {
        let fixture = try Self.fixture("  origins: https://a.example.com\n")
        let headers = [("Origin", "https://a.example.com"), ("X-API-Key", "first-secret-token")]
        let run = try fixture.api.post("/workflows/runs", json: "{}", headers: headers)
        #expect(run.headers["access-control-allow-origin"] == "https://a.example.com")
        let id = try #require(run.json["task_id"]?.string)
        for target in ["/tasks/\(id)/events", "/tasks", "/tasks/\(id)"] {
            let reply = try fixture.api.get(target, headers: headers)
            #expect(reply.status == 200)
            #expect(reply.headers["access-control-allow-origin"] == "https://a.example.com")
        }
    }

    @Test func `any origin is told as a star, never as its echo`() throws {
        let fixture = try Self.fixture("  origins: \"*\"\n")
        let reply = try fixture.api.get(
            "/workflows",
            headers: [("Origin", "https://a.example.com"), ("X-API-Key", "first-secret-token")]
        )
        #expect(reply.headers["access-control-allow-origin"] == "*")
        #expect(reply.headers["access-control-allow-credentials"] == nil)
    }

    @Test func `forms start runs where there are tokens`() throws {
        let fixture = try Self.fixture()
        func send(_ type: String, _ body: String) throws -> HTTPReply {
            try fixture.api.send(
                "POST",
                "/workflows/runs",
                headers: [("Content-Type", type), ("X-API-Key", "first-secret-token")],
                body: Array(body.utf8)
            )
        }
        let form = "application/x-www-form-urlencoded"
        let nested = try send(form, "workflow_id=quick&input.word=a+b&output_only=true")
        #expect(nested.text == #"{"said":"a b","count":3,"fixed":1}"#)
        let json = try send(
            form,
            "input=%7B%22word%22%3A%22c%22%2C%22count%22%3A5%7D&wait_for_completion=1"
        )
        #expect(json.json["output"]?["said"] == .string("c"))
        #expect(json.json["output"]?["count"] == .integer(5))
        let multipart = try send(
            "multipart/form-data; boundary=XX",
            "--XX\r\nContent-Disposition: form-data; name=\"input[word]\"\r\n\r\nd\r\n--XX--\r\n"
        )
        #expect(multipart.json["output"]?["said"] == .string("d"))
        #expect(try send(form, "output_only=maybe").status == 422)
        #expect(try send(form, "unknown=1").status == 422)
        #expect(try send("text/plain", "hello").status == 415)
        #expect(try send("image/png", "x").status == 415)
        let resume = try fixture.api.send(
            "POST",
            "/tasks/x/resume",
            headers: [("Content-Type", form), ("X-API-Key", "first-secret-token")],
            body: Array("job_id=a".utf8)
        )
        #expect(resume.status == 415)
    }
}
