import TestKit
import Testing

@Suite struct ScriptedServiceTests {
    @Test func `a service answers by its routes and keeps what it was sent`() throws {
        let service = try ScriptedService(routes: [
            "POST /jobs": { request in .json(202, #"{"got":\#(request.body.count)}"#) }
        ])
        defer { service.stop() }
        let probe = HTTPProbe(port: service.port)

        let taken = try probe.post("/jobs?urgent=1", json: #"{"a":1}"#, headers: [("X-Test", "y")])
        let missing = try probe.get("/nowhere")

        #expect(taken.status == 202)
        #expect(taken.text == #"{"got":7}"#)
        #expect(missing.status == 404)
        let request = try service.waitForRequest(matching: "POST /jobs")
        #expect(request.query == "urgent=1")
        #expect(request.headers["x-test"] == "y")
        #expect(request.text == #"{"a":1}"#)
    }

    @Test func `a connection carries several requests, a chunked one among them`() throws {
        let service = try ScriptedService { .json(200, "\($0.connection):\($0.text)") }
        defer { service.stop() }
        let connection = try RawConnection(port: service.port)

        try connection.send("POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\nab")
        let first = try connection.readReply()
        try connection.send(
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\ncd\r\n1\r\ne\r\n0\r\n\r\n"
        )
        let second = try connection.readReply()

        #expect(first.text == "1:ab")
        #expect(second.text == "1:cde")
        #expect(service.requests.map(\.number) == [1, 2])
    }

    @Test func `a service calls back after its answer`() throws {
        let receiver = try ScriptedService { _ in .status(204) }
        defer { receiver.stop() }
        let url = receiver.url + "/done"
        let service = try ScriptedService { _ in
            .json(202, "{}") { _ = try? HTTPProbe.post(url: url, json: "{}") }
        }
        defer { service.stop() }

        let reply = try HTTPProbe(port: service.port).post("/", json: "{}")

        #expect(reply.status == 202)
        try receiver.waitForRequest(matching: "POST /done")
    }

    @Test func `a wait for a request that never comes ends at its deadline`() throws {
        let service = try ScriptedService { _ in .status(200) }
        defer { service.stop() }
        #expect(throws: KitError.deadlinePassed(doing: "waiting for request 1 of GET /")) {
            try service.waitForRequest(matching: "GET /", deadline: .milliseconds(10))
        }
    }

    @Test func `hanging up gives no answer`() throws {
        let service = try ScriptedService { _ in .hangUp }
        defer { service.stop() }
        #expect(throws: KitError.closed(doing: "waiting for a response")) {
            try HTTPProbe(port: service.port).get("/")
        }
    }

    @Test func `nobody listens once a service has stopped`() throws {
        let service = try ScriptedService { _ in .status(200) }
        let idle = try RawConnection(port: service.port)
        service.stop()
        #expect(try idle.isClosedByPeer())
        #expect(throws: KitError.self) { try HTTPProbe(port: service.port).get("/") }
    }
}
