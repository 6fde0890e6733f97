import Configuration
import Documents
import JSONWire
import Journal
import Primitives
import Sluice
import TestKit
import Testing

/// A whole server in this process, with the outside services **S** (9101) and a second one (9102), on ports of its own.
///
/// Texts of tests name the document's ports; what goes out and what is expected is translated.
final class ServerFixture: Sendable {
    /// What a service answers, by route.
    typealias Routes = [String: ScriptedService.Script]

    /// The ports.
    let ports: LocalPorts
    /// The outside service on 9101.
    let service: ScriptedService
    /// The outside service on 9102.
    let second: ScriptedService
    /// What the server logs.
    let lines = LogLines()
    /// The server that runs at present.
    var server: Server { running.withLock { $0 } }
    private let running: Lock<Server>

    /// Starts the services and a server for a block.
    ///
    /// - Parameters:
    ///   - block: The configuration; it must have no errors.
    ///   - environment: What `${env.NAME}` yields.
    ///   - journal: Where decisions are settled; nil for a new one that keeps nothing.
    ///   - isDurable: Whether the store that the block names is used, in place of a journal.
    ///   - routes: What S answers beside `/jobs` and `/record`.
    ///   - secondRoutes: What the second service answers.
    ///   - senderClock: The present, by which signatures of senders are judged.
    /// - Throws: Where the configuration has errors or the server cannot start.
    init(
        _ block: Block,
        environment: [String: String] = [:],
        journal: (any Journal)? = nil,
        isDurable: Bool = false,
        routes: Routes = [:],
        secondRoutes: Routes = [:],
        senderClock: @escaping @Sendable () -> WallTime = { .now() }
    ) throws {
        service = try ScriptedService(routes: Self.usual.merging(routes) { $1 })
        second = try ScriptedService(routes: secondRoutes)
        ports = LocalPorts(["9101": service.port, "9102": second.port])
        running = try Lock(
            Self.server(ports.local(block.text), environment, lines.log, senderClock) {
                configuration in
                isDurable ? nil : Persistence(journal: journal ?? MemoryJournal())
            }
        )
        try server.start()
    }

    /// Ends the server and starts another one in its place, with what the first one has stored.
    ///
    /// - Parameters:
    ///   - block: The new one's configuration.
    ///   - fileLayer: SQLite's file layer to use; nil for its own.
    ///   - meanwhile: What happens while none runs.
    /// - Throws: Where it cannot start.
    func restart(
        _ block: Block,
        fileLayer: String? = nil,
        meanwhile: () throws -> Void = {}
    ) throws {
        server.stop()
        try meanwhile()
        let next = try Self.server(ports.local(block.text), [:], lines.log) { [lines] in
            try fileLayer.map { [configuration = $0] in
                try Persistence(configuration, log: lines.log, fileLayer: $0)
            }
        }
        running.withLock { $0 = next }
        try next.start()
    }

    private static func server(
        _ text: String,
        _ environment: [String: String],
        _ log: Log,
        _ senderClock: @escaping @Sendable () -> WallTime = { .now() },
        _ persistence: (Configuration) throws -> Persistence?
    ) throws -> Server {
        let loaded = Loaded(text: text, environment: environment)
        try #require(!loaded.hasErrors, "\(loaded.findings)")
        let configuration = try #require(loaded.configuration)
        return try Server(
            configuration,
            persistence: persistence(configuration) ?? Persistence(configuration, log: log),
            senderClock: senderClock,
            log: log
        )
    }

    /// Stops the server and the services.
    func stop() {
        server.stop()
        service.stop()
        second.stop()
    }

    private static let usual: Routes = [
        "POST /jobs": { _ in .json(202, #"{"accepted":true}"#) },
        "POST /record": { _ in .json(200, #"{"ok":true}"#) },
    ]
}

extension ServerFixture {
    /// Talks to one of the server's ports, by the number the document gives it.
    func at(_ port: Int) -> HTTPProbe {
        HTTPProbe(port: ports[port])
    }

    /// Sends a POST request with a JSON body.
    func post(
        _ target: String,
        _ json: String,
        on port: Int = 8090,
        headers: [(String, String)] = []
    ) throws -> HTTPReply {
        try at(port).post(target, json: json, headers: headers)
    }

    /// Starts a run through the controller and gives its id.
    func start(_ input: String, workflow: String? = nil, controller: Int = 8088) throws -> String {
        let id = workflow.map { #""workflow_id":"\#($0)","# } ?? ""
        let reply = try post(
            "/workflows/runs",
            #"{\#(id)"input":\#(input),"wait_for_completion":false}"#,
            on: controller
        )
        try #require(reply.status == 200, "\(reply.text)")
        return try #require(JSONValue.parse(reply.body)["task_id"]?.string)
    }

    /// **W(k)**: starts `wait` for a key and goes on when the run says that it waits.
    func wait(for key: String) throws -> String {
        let id = try start(#"{"key":"\#(key)"}"#, workflow: "wait")
        try state(id, reaches: "waiting")
        return id
    }

    /// A run's state as the controller shows it.
    func state(_ id: String, controller: Int = 8088) throws -> JSONValue {
        let reply = try at(controller).get("/tasks/\(id)")
        try #require(reply.status == 200, "\(reply.text)")
        return try JSONValue.parse(reply.body)
    }

    /// Waits until a run has a status, and gives its state then.
    @discardableResult
    func state(
        _ id: String,
        reaches status: String,
        controller: Int = 8088
    ) throws -> JSONValue {
        var seen = JSONValue.null
        try eventually("run \(id) to be \(status)") {
            seen = try state(id, controller: controller)
            return seen["status"] == .string(status)
        }
        return seen
    }

    /// Waits until a run has completed, and gives its output.
    func output(_ id: String, controller: Int = 8088) throws -> JSONValue {
        let ended = try end(id, controller: controller)
        try #require(ended["status"] == .string("completed"), "\(ended.jsonText)")
        return try #require(ended["output"])
    }

    /// Waits until a run has failed, and gives its error.
    func failure(_ id: String, controller: Int = 8088) throws -> JSONValue {
        let ended = try end(id, controller: controller)
        try #require(ended["status"] == .string("failed"), "\(ended.jsonText)")
        return try #require(ended["error"])
    }

    private func end(_ id: String, controller: Int) throws -> JSONValue {
        var seen = JSONValue.null
        try eventually("run \(id) to end") {
            seen = try state(id, controller: controller)
            let status = seen["status"]?.string ?? ""
            return ["completed", "failed", "cancelled"].contains(status)
        }
        return seen
    }

    /// A JSON text, with its ports translated, as a value.
    func json(_ text: String) throws -> JSONValue {
        try JSONValue.parse(ports.local(text))
    }
}
