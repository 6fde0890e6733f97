import Configuration
import Controller
import Documents
import JSONWire
import Primitives
import TestKit
import Testing

@testable import Sluice

/// A whole server in this process with a controller on a port of its own.
final class ControllerFixture {
    /// The controller's port.
    let port: Int
    /// The listener's port, for configurations that have one.
    let listenerPort: Int
    /// Speaks to the controller.
    let api: HTTPProbe
    /// What was logged.
    let lines = LogLines()
    private let server: Server

    /// Starts a server with further lines of `controller:` and the rest of the configuration.
    ///
    /// The lines begin with two spaces; `LISTENER` stands for the listener's port.
    init(
        controller: String = "",
        environment: [String: String] = [:],
        _ workflows: String = Workflows.all
    ) throws {
        let ports = FreePorts.take(2)
        port = ports[0]
        listenerPort = ports[1]
        api = HTTPProbe(port: port)
        let rest = workflows.replacing("LISTENER", with: String(listenerPort))
        let text = "controller:\n  port: \(port)\n\(controller)\n\(rest)"
        let diagnostics = Diagnostics()
        let configuration = try #require(
            ControllerFixture.configuration(text, environment: environment, diagnostics)
        )
        #expect(diagnostics.all.filter { $0.severity == .error }.map(\.message) == [])
        server = try Server(configuration, log: lines.log)
        try server.start()
    }

    /// Reads a configuration.
    static func configuration(
        _ text: String,
        environment: [String: String] = [:],
        _ diagnostics: Diagnostics
    ) -> Configuration? {
        let documents = YAMLReader.read(
            Array(text.utf8),
            file: "sluice.yml",
            diagnostics: diagnostics
        )
        return documents.first.map {
            Configuration(
                $0,
                environment: environment,
                isFragment: false,
                diagnostics: diagnostics
            )
        }
    }

    deinit {
        server.stop()
    }

    /// Where its questions are answered.
    var questions: QuestionService { server.questions }

    /// Has the server take nothing new.
    func drain() {
        server.drain(grace: .seconds(20)) {}
    }

    /// Starts a run without waiting for it; its id.
    func begin(_ workflow: String, input: String = "null", more: String = "") throws -> String {
        let reply = try api.post(
            "/workflows/runs",
            json: """
                {"workflow_id":"\(workflow)","input":\(input),"wait_for_completion":false\(more)}
                """
        )
        #expect(reply.status == 200, "\(reply.text)")
        return try #require(reply.json["task_id"]?.string)
    }

    /// The state of a run.
    func state(_ id: String) throws -> JSONValue {
        let reply = try api.get("/tasks/\(id)")
        #expect(reply.status == 200)
        return reply.json
    }

    /// Waits until a run is in a state.
    func wait(for status: String, of id: String) throws {
        try eventually("waiting for \(status)") {
            try state(id)["status"]?.string == status
        }
    }

    /// Sends the callback that a run of `held` waits for.
    func callBack(key: String) throws {
        let reply = try HTTPProbe(port: listenerPort)
            .post("/done", json: #"{"id":"\#(key)","word":"called"}"#)
        #expect(reply.status == 200, "\(reply.text)")
    }
}

/// What a server logs, kept as text.
final class LogLines: Sendable {
    private let lines = SleepingLock<[String]>([])

    /// Every line so far, fields included.
    var all: [String] { lines.withLock { $0 } }

    /// The log to give to the server.
    var log: Log {
        Log(level: .debug) { [self] record in
            let fields = record.fields.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
            lines.withLock { $0.append("\(record.level.name) \(record.message) \(fields)") }
        }
    }
}

extension HTTPReply {
    /// The body as JSON; null where it is none.
    var json: JSONValue {
        do {
            return try JSONValue.parse(body)
        } catch {
            return .null
        }
    }
}

extension JSONValue {
    /// The elements of a list; none for anything else.
    var elements: [JSONValue] {
        if case .array(let elements) = self { elements } else { [] }
    }
}
