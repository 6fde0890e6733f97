internal import Loops
internal import Primitives

/// A run of `sluice` itself as a child process, which ends with this process.
final class DemoProgram: Sendable {
    /// What is known of the program.
    private struct State {
        var output: [UInt8] = []
        var end: ChildEnd?
        var process: LoopBound<ChildProcess>?
    }

    private let group: LoopGroup
    private let state = Lock(State())
    private let ended = Parker()

    /// Starts the program.
    ///
    /// - Parameters:
    ///   - arguments: Its arguments.
    ///   - environment: Variables on top of this process's environment.
    ///   - directory: Where it runs.
    /// - Throws: `LoopError` where it cannot be started.
    init(
        _ arguments: [String],
        environment: [(name: String, value: String)],
        directory: String
    ) throws {
        group = try LoopGroup(threads: 1, name: "program")
        let command = ChildCommand(
            guardPath: Self.path,
            arguments: [Self.path] + arguments,
            environment: environment,
            workingDirectory: directory
        )
        try group.onEach { loop in
            let process = try ChildProcess(
                loop: loop,
                command: command,
                onOutput: { [weak self] _, bytes in self?.state.withLock { $0.output += bytes } },
                onEnd: { [weak self] in self?.note($0) }
            )
            let bound = LoopBound(process, on: loop)
            self.state.withLock { $0.process = bound }
        }
    }

    private func note(_ end: ChildEnd) {
        state.withLock { $0.end = end }
        ended.unpark()
    }

    /// The program that this process runs.
    private static let path = "/proc/self/exe"

    /// Everything it has written so far.
    var output: String { String(decoding: state.withLock { $0.output }, as: UTF8.self) }

    /// How it ended; nil while it runs.
    var end: ChildEnd? { state.withLock { $0.end } }

    /// Asks it to end, as an operator does (SIGTERM).
    func terminate() {
        guard let process = state.withLock({ $0.process }) else { return }
        process.port.post { process.get(on: $0).terminate() }
    }

    /// Waits until it has ended.
    ///
    /// - Throws: ``DemoFailure`` where it does not within half a minute.
    func waitForEnd() throws -> ChildEnd {
        let deadline = Instant.now().advanced(by: .seconds(30))
        while Instant.now() < deadline {
            if let end {
                state.withLock { $0.process = nil }
                group.stop()
                return end
            }
            ended.park(until: deadline)
        }
        throw DemoFailure("sluice did not end within 30 s")
    }
}
