internal import Configuration
internal import JSONWire
internal import Platform
internal import Primitives
internal import Runs
internal import Sluice
internal import Store
internal import Workflows

/// `sluice run`: starts everything a run needs, carries one run to its end and prints its output.
enum RunCommand {
    static let command = Program.Command(
        name: "run",
        usage: "[WORKFLOW] [-i JSON] [-f FILE]…",
        summary: "Run a workflow to completion, with its listeners, and print its output",
        options: ConfigurationLoading.options + Serving.options + [
            .init(
                names: ["-i", "--input"],
                value: "JSON",
                help: "the run's input; @FILE reads a file, - standard input"
            ),
            .init(
                names: ["-o", "--output"],
                value: "FILE",
                help: "also write the output to this file"
            ),
        ],
        run: run
    )

    @Sendable private static func run(_ arguments: Arguments) -> Int32 {
        guard arguments.operands.count <= 1 else {
            return Program.mistaken("`run` takes one workflow")
        }
        let input: JSONValue
        do throws(Arguments.Mistake) {
            input = try DataArgument.value(arguments, "-i") ?? .null
        } catch {
            return Program.mistaken(error.message)
        }
        guard let configuration = ConfigurationLoading(arguments).served() else { return 1 }
        let serving: Serving
        do throws(Arguments.Mistake) {
            serving = try Serving(configuration, arguments, stream: .error)
        } catch {
            return Program.mistaken(error.message)
        }
        serving.prepareProcess()
        let result = carry(
            arguments.operands.first,
            input: input,
            configuration: configuration,
            serving: serving
        )
        serving.writer.close()
        return finish(result, arguments)
    }

    /// How a run went.
    private enum Result {
        case ended(RunOutcome)
        /// A signal ended it.
        case interrupted(SignalWatcher.Signal)
        case notStarted(String)
    }

    private static func carry(
        _ workflow: String?,
        input: JSONValue,
        configuration: Configuration,
        serving: Serving
    ) -> Result {
        do {
            // One run that somebody looks at needs no store, unless the configuration names one.
            let persistence =
                configuration.store.isKindGiven
                ? try Persistence(configuration, log: serving.log) : Persistence()
            let server = try Server(configuration, persistence: persistence, log: serving.log)
            defer { server.stop() }
            let ended = Parker()
            let outcome = SleepingLock<RunOutcome?>(nil)
            let interruption = SleepingLock<SignalWatcher.Signal?>(nil)
            let watcher = try SignalWatcher { signal in
                interruption.withLock { $0 = signal }
                ended.unpark()
            }
            try server.start()
            let id = try server.engine.start(
                RunEngine.Order(workflow: workflow, input: input),
                requestID: nil
            )
            server.engine.whenEnded(id) { end in
                outcome.withLock { $0 = $0 ?? end }
                ended.unpark()
            }
            withExtendedLifetime(watcher) { ended.park() }
            // A run that has ended all the same is told as what it was.
            if let end = outcome.withLock({ $0 }) { return .ended(end) }
            if let signal = interruption.withLock({ $0 }) { return .interrupted(signal) }
            return .ended(outcome.withLock { $0 } ?? .cancelled(reason: "it was stopped"))
        } catch let failure as StartFailure {
            return .notStarted(failure.message)
        } catch let refusal as StartRefusal {
            return .notStarted(refusal.message)
        } catch {
            return .notStarted("\(error)")
        }
    }

    private static func finish(_ result: Result, _ arguments: Arguments) -> Int32 {
        switch result {
        case .notStarted(let message):
            return Program.failed(message)
        case .interrupted(let signal):
            _ = Program.failed("the run was interrupted by \(signal.name)")
            return signal.exitCode
        case .ended(.completed(let output)):
            let text = output.prettyJSONText + "\n"
            Console.write(Array(text.utf8), to: .output)
            guard let file = arguments.last("-o") else { return 0 }
            do throws(FileError) {
                try FileText.write(Array(text.utf8), to: file)
                return 0
            } catch {
                return Program.failed("cannot write \(file): \(error.reason)")
            }
        case .ended(.failed(let failure)):
            return Program.failed(text(of: failure))
        case .ended(.cancelled(let reason)):
            return Program.failed("the run was cancelled: \(reason)")
        }
    }

    private static func text(of failure: RunFailure) -> String {
        let step = failure.step.map { ", step \($0)" } ?? ""
        let attempt = failure.attempt.map { ", attempt \($0)" } ?? ""
        let component = failure.component.map { ", component \($0)" } ?? ""
        return "the run failed (\(failure.code.rawValue)\(step)\(attempt)\(component)): "
            + failure.message
    }
}
