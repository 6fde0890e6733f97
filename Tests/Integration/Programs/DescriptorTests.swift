import JSONWire
import TestKit
import Testing

/// A process that may open few files: connections are refused before the store, the log or outgoing requests are.
@Suite struct DescriptorTests {
    private static let terminate: Int32 = 15
    private static let count = 20

    @Test func `idle connections do not take what the store and requests need`() throws {
        let folder = try TemporaryDirectory()
        let service = try ScriptedService(routes: [
            "POST /record": { _ in .json(200, #"{"ok":true}"#) }
        ])
        defer { service.stop() }
        let ports = LocalPorts(["9101": service.port])
        try Files.write(ports.local(Self.text), to: folder.path("sluice.yml"))
        let before = try SluiceProgram.start(["up", "-f", "sluice.yml"], directory: folder.path)
        _ = try before.waitForLine(containing: "Ready")
        for number in 0..<Self.count {
            let reply = try HTTPProbe(port: ports[8088]).post(
                "/workflows/runs",
                json: #"{"input":{"key":"k\#(number)"},"wait_for_completion":false}"#
            )
            #expect(reply.status == 200)
        }
        try eventually("all wait") {
            try HTTPProbe(port: ports[8088]).get("/tasks?status=waiting&limit=100").text
                .components(of: "task_id") == Self.count
        }
        before.signal(Self.terminate)
        #expect(try before.waitForExit() == .exited(0))

        let program = try ChildProgram(
            "/bin/bash",
            ["-c", "ulimit -n 128; exec \(SluiceProgram.path()) up -f sluice.yml"],
            directory: folder.path
        )
        _ = try program.waitForLine(containing: "Ready")
        let sender = try RawConnection(port: ports[8090])
        try sender.send(Self.request(#"{"items":[]}"#))
        #expect(try sender.readReply().status == 200)
        var idle: [RawConnection] = []
        for _ in 0..<150 { idle.append(try RawConnection(port: ports[8090])) }
        #expect(try idle.last?.isClosedByPeer() == true)
        let items = (0..<Self.count).map { #"{"id":"k\#($0)"}"# }.joined(separator: ",")
        try sender.send(Self.request(#"{"items":[\#(items)]}"#))
        let reply = try sender.readReply()
        #expect(try JSONValue.parse(reply.body)["delivered"] == .integer(Int64(Self.count)))
        try eventually("every run goes on") {
            service.requests(matching: "POST /record").count == Self.count
        }
        withExtendedLifetime(idle) {}
        #expect(!program.errors.contains("could not be read"), "\(program.errors)")
    }

    private static func request(_ body: String) -> String {
        "POST /all HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    private static let text = #"""
        store: { path: ./store }
        executor: { threads: 16 }
        controller: { adapter: { type: http-server, host: 127.0.0.1, port: 8088 } }
        listener:
          type: http-callback
          port: 8090
          callbacks: [ { path: /all, bulk: true, item: "${body.items}", identify_by: "${item.id}" } ]
        components:
          note: { type: http-client, endpoint: "http://127.0.0.1:9101/record", body: { key: "${input}" } }
        workflow:
          id: wait
          jobs:
            - { id: hold, type: wait, wait_for: "${input.key}" }
            - { id: tell, component: note, input: "${input.key}", depends_on: [ hold ] }
        """#
}

extension String {
    /// How often a word comes in it.
    fileprivate func components(of word: String) -> Int {
        ranges(of: word).count
    }
}
