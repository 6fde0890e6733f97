import CMeasure
import Configuration
import Documents
import JSONWire
import Primitives
import Runs
import Sluice
import Workflows

/// A server of its own in this process, with the memory store, and runs started in it without a request.
final class Engine {
    private let server: Server

    /// What came of starting runs and carrying them to their ends.
    struct Turn {
        /// How many were started.
        let count: Int
        /// How many completed.
        let completed: Int
        /// CPU nanoseconds of the process for one.
        let cpu: Double
        /// How many ended in a second.
        let perSecond: Double
    }

    private static func text(workers: Int) -> String {
        """
        server: { threads: 1 }
        executor: { threads: \(workers), max_ended_runs: 200000 }
        store: memory
        controller: { host: 127.0.0.1, port: 28088 }
        workflows:
          - id: one
            jobs: [ { id: a, component: logger, input: { level: debug, message: "a" } } ]
          - id: three
            jobs:
              - { id: a, component: logger, input: { level: debug, message: "${input.n}" } }
              - { id: b, component: logger, input: { level: debug, message: "b ${jobs.a.output}" } }
              - { id: c, component: logger, input: { level: debug, message: "c ${jobs.b.output}" } }
          - id: middle
            jobs:
              - { id: a, component: logger, input: { level: debug, message: "${input.key}" } }
              - { id: b, component: logger, input: { level: debug, message: "b ${jobs.a.output}" } }
              - { id: c, type: wait, wait_for: "${input.key}", depends_on: [b] }
          - { id: wait, jobs: [ { id: wait, type: wait, wait_for: "${input.key}" } ] }
          - id: twenty
            jobs:
        \(chain(20))
        """
    }

    /// Steps that each need the one before.
    private static func chain(_ count: Int) -> String {
        (1...count).map { number in
            let message = number == 1 ? "${input.n}" : "${jobs.s\(number - 1).output}"
            return
                "      - { id: s\(number), component: logger, input: { level: debug, message: \"\(message)\" } }"
        }.joined(separator: "\n")
    }

    /// Puts the server together; it serves nothing, so no port is taken.
    ///
    /// - Parameter workers: How many carry runs on; 0 for one a processor.
    /// - Throws: When the configuration or the system refuses.
    init(workers: Int) throws {
        let diagnostics = Diagnostics()
        let documents = YAMLReader.read(
            Self.text(workers: workers),
            file: "runs.yml",
            diagnostics: diagnostics
        )
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
    /// - Returns: What they cost, and how many completed.
    /// - Throws: When they cannot be started.
    func carry(_ workflow: String, count: Int, batch: Int) throws -> Turn {
        let ended = Ended()
        let before = sluice_cpu_ns()
        let moment = Instant.now()
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
        let seconds = Double(Instant.now().since(moment).count) / 1e9
        return Turn(
            count: started,
            completed: ended.completedCount,
            cpu: Double(sluice_cpu_ns() - before) / Double(count),
            perSecond: Double(count) / seconds
        )
    }

    /// Starts runs that wait, each for a key of its own.
    ///
    /// - Returns: Live bytes of the process for one of them, once all wait.
    /// - Throws: When they cannot be started.
    func park(_ workflow: String, count: Int) throws -> Double {
        let before = sluice_live_bytes()
        for index in 0..<count {
            let key = JSONValue.string("key-\(index)")
            _ = try server.engine.start(
                RunEngine.Order(workflow: workflow, input: .object(["key": key])),
                requestID: nil
            )
        }
        while server.engine.openWaitsCount < count {}
        // Under a sanitizer nothing is counted, and other threads may free meanwhile.
        return (Double(sluice_live_bytes()) - Double(before)) / Double(count)
    }

    /// Carries runs to their ends.
    ///
    /// - Returns: Live bytes of the process for one of them, all of which are kept for reading.
    /// - Throws: When they cannot be started.
    func keep(_ workflow: String, count: Int) throws -> Double {
        let before = sluice_live_bytes()
        _ = try carry(workflow, count: count, batch: 100)
        return (Double(sluice_live_bytes()) - Double(before)) / Double(count)
    }

    /// Counts ends and wakes the one who waits for them.
    private final class Ended: Sendable {
        private let counts = SleepingLock((ended: 0, completed: 0, wanted: Int.max))
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
