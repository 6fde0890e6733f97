import Components
import Configuration
import Documents
import JSONWire
import Primitives
import Runs
import Sluice
import TestKit
import Testing
import Workflows

/// A whole server in this process, a service beside it, and runs started on its engine.
///
/// In the configuration `SERVICE` stands for the service's address, `HOOKS` for the port of the callback listener.
final class ComponentsFixture: Sendable {
    let service: ScriptedService
    let server: Server
    let hooks: Int
    private let kept = Watched<[LogRecord]>([])

    init(
        _ text: String,
        routes: [String: ScriptedService.Script] = [:],
        hasController: Bool = false,
        adjust: (inout Configuration) -> Void = { _ in }
    ) throws {
        service = try ScriptedService(routes: routes)
        hooks = FreePorts.next()
        let controller =
            "controller: { adapter: { type: http-server, host: 127.0.0.1, port: \(FreePorts.next()) } }\n"
        let whole = (hasController ? "" : controller) + text
        let local = whole.replacing("SERVICE", with: self.service.url)
            .replacing("HOOKS", with: String(hooks))
        let diagnostics = Diagnostics()
        let documents = YAMLReader.read(
            Array(local.utf8),
            file: "test.yml",
            diagnostics: diagnostics
        )
        var configuration = Configuration(
            try #require(documents.first),
            environment: [:],
            isFragment: false,
            diagnostics: diagnostics
        )
        try #require(!diagnostics.hasErrors, "\(diagnostics.all.map(\.message))")
        configuration.programs.guardPath = try SluiceProgram.path()
        adjust(&configuration)
        server = try Server(
            configuration,
            log: Log(level: .debug) { [kept] record in kept.withLock { $0.append(record) } }
        )
        try server.start()
    }

    deinit { stop() }

    func stop() {
        server.stop()
        service.stop()
    }

    /// What the server has logged.
    var log: [LogRecord] { kept.withLock { $0 } }

    /// Waits for a line of the log that begins with a text.
    func waitForLine(_ beginning: String) throws -> LogRecord {
        let found = kept.wait(until: .standard) { records in
            records.first { $0.message.hasPrefix(beginning) }
        }
        return try #require(found, "no line \(beginning)")
    }

    /// A run under way.
    struct Run: Sendable {
        let id: UUIDv7
        /// Held, so that the server lives as long as its run is looked at.
        let fixture: ComponentsFixture
        let ended: Watched<RunOutcome?>

        /// Waits for the end.
        func outcome() throws -> RunOutcome {
            try #require(ended.wait(until: .standard) { $0 }, "the run did not end")
        }

        /// Waits for a good end, and gives the output.
        func output() throws -> JSONValue {
            switch try outcome() {
            case .completed(let output): return output
            case let other:
                Issue.record("\(other)")
                return .null
            }
        }

        /// Waits for a failure.
        func failure() throws -> RunFailure {
            guard case .failed(let failure) = try outcome() else {
                throw KitError.malformed("the run did not fail: \(try outcome())")
            }
            return failure
        }
    }

    /// Starts a run.
    func start(_ input: String = "null", workflow: String? = nil) throws -> Run {
        let id = try server.engine.start(
            RunEngine.Order(workflow: workflow, input: JSONValue.parse(input)),
            requestID: nil
        )
        let ended = Watched<RunOutcome?>(nil)
        server.engine.whenEnded(id) { outcome in ended.withLock { $0 = outcome } }
        return Run(id: id, fixture: self, ended: ended)
    }

    /// Runs to the end, and gives the output as compact JSON.
    func output(_ input: String = "null", workflow: String? = nil) throws -> String {
        try start(input, workflow: workflow).output().jsonText
    }

    /// Sends a callback.
    @discardableResult
    func callback(_ json: String, path: String = "/done") throws -> HTTPReply {
        try HTTPProbe(port: hooks).post(path, json: json, headers: [])
    }

    /// The top-level keys of a callback listener at `/done`.
    static let listener = """
        listener: { type: http-callback, host: 127.0.0.1, port: HOOKS, path: /done, identify_by: "${body.id}", result: "${body.result}" }
        """
}

extension LogRecord {
    /// The value of a field; nil where the record has none of this name.
    subscript(name: String) -> String? {
        fields.first { $0.name == name }?.value
    }
}

extension ScriptedAnswer {
    /// Answers with the request's own body and type.
    static func echo(_ request: ScriptedRequest) -> ScriptedAnswer {
        var answer = ScriptedAnswer(status: 200)
        answer.headers = [("Content-Type", request.headers["content-type"] ?? "text/plain")]
        answer.body = request.body
        return answer
    }
}
