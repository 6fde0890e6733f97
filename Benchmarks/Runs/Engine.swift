import CMeasure
import Documents
import JSONWire
import Primitives
import Sluice
import Synchronization
import Workflows

/// A server of its own in this process, with the memory store, and runs started in it without a request.
final class Engine {
    private let server: Server

    private static let text = """
        server: { threads: 1 }
        controller: { host: 127.0.0.1, port: 28088 }
        workflows:
          - id: three
            jobs:
              - { id: a, component: logger, input: { level: debug, message: "${input.n}" } }
              - { id: b, component: logger, input: { level: debug, message: "b ${jobs.a.output}" } }
              - { id: c, component: logger, input: { level: debug, message: "c ${jobs.b.output}" } }
          - { id: wait, jobs: [ { id: wait, type: wait, wait_for: "${input.key}" } ] }
          - { id: one, jobs: [ { id: a, component: logger, input: { level: debug, message: "a" } } ] }
        """

    /// Puts the server together; it serves nothing, so no port is taken.
    ///
    /// - Throws: When the configuration or the system refuses.
    init() throws {
        let diagnostics = Diagnostics()
        let documents = YAMLReader.read(Self.text, file: "runs.yml", diagnostics: diagnostics)
        guard let document = documents.first else { throw Refused() }
        let configuration = Configuration(
            document,
            environment: [:],
            isFragment: false,
            diagnostics: diagnostics
        )
        guard !diagnostics.hasErrors else { throw Refused() }
        server = try Server(configuration, log: .silent)
    }

    deinit {
        server.stop()
    }

    /// The configuration has an error.
    struct Refused: Error {}

    /// Starts runs and waits for all of them to end.
    ///
    /// - Parameters:
    ///   - workflow: What they run.
    ///   - count: How many.
    ///   - batch: How many are started at once, all or none.
    /// - Returns: CPU nanoseconds of the process for one run, and how many completed.
    /// - Throws: When they cannot be started.
    func carry(_ workflow: String, count: Int, batch: Int) throws -> (cpu: Double, completed: Int) {
        let ended = Ended()
        let before = sluice_cpu_ns()
        var started = 0
        while started < count {
            let orders = (started..<min(count, started + batch)).map { index in
                RunEngine.Order(
                    workflow: workflow,
                    input: .object(["n": .integer(Int64(index))])
                )
            }
            let ids = try server.engine.start(orders, requestID: nil).ids
            for id in ids { server.engine.whenEnded(id) { ended.take($0) } }
            started += ids.count
        }
        ended.wait(for: started)
        return (Double(sluice_cpu_ns() - before) / Double(count), ended.completedCount)
    }

    /// Starts runs that wait, each for a key of its own.
    ///
    /// - Returns: Live bytes of the process for one of them, once all wait.
    /// - Throws: When they cannot be started.
    func park(count: Int) throws -> Double {
        let before = sluice_live_bytes()
        for index in 0..<count {
            let key = JSONValue.string("key-\(index)")
            _ = try server.engine.start(
                RunEngine.Order(workflow: "wait", input: .object(["key": key])),
                requestID: nil
            )
        }
        while server.engine.openWaitsCount < count {}
        // Under a sanitizer nothing is counted, and other threads may free meanwhile.
        return (Double(sluice_live_bytes()) - Double(before)) / Double(count)
    }

    /// Counts ends and wakes the one who waits for them.
    private final class Ended: Sendable {
        private let counts = Mutex((ended: 0, completed: 0, wanted: Int.max))
        private let parker = Parker()

        var completedCount: Int { counts.withLock { $0.completed } }

        func take(_ outcome: RunOutcome) {
            let isLast = counts.withLock { counts in
                counts.ended += 1
                if case .completed = outcome { counts.completed += 1 }
                return counts.ended >= counts.wanted
            }
            if isLast { parker.unpark() }
        }

        func wait(for count: Int) {
            let isOver = counts.withLock { counts in
                counts.wanted = count
                return counts.ended >= count
            }
            if !isOver { parker.park() }
        }
    }
}
