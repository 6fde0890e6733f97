internal import Documents
internal import Loops
internal import Primitives
internal import Workflows

/// One program that a step runs, from its start to its outcome; bound to the loop it runs on.
final class ShellRun {
    private let call: ShellCall
    private let settings: ProgramSettings
    private let onEnd: (CallOutcome) -> Void
    private var child: ChildProcess?
    private var output: [UInt8] = []
    private var errors: [UInt8] = []
    private var verdict: CallFailure?
    private var timers: [LoopTimer] = []

    /// Starts the program.
    ///
    /// `onEnd`: called once, when the program and what it started are gone.
    init(
        _ call: ShellCall,
        on loop: EventLoop,
        settings: ProgramSettings,
        onEnd: @escaping (CallOutcome) -> Void
    ) {
        self.call = call
        self.settings = settings
        self.onEnd = onEnd
        let command = ChildCommand(
            guardPath: settings.guardPath,
            arguments: call.arguments,
            environment: call.environment,
            workingDirectory: call.workingDirectory,
            input: call.standardInput
        )
        do throws(LoopError) {
            // Held by the child until it has ended.
            child = try ChildProcess(loop: loop, command: command) { [self] stream, bytes in
                take(bytes, stream)
            } onEnd: { [self] end in
                finish(end)
            }
            bound(on: loop)
        } catch {
            onEnd(.failure(failure("cannot be started: \(error.message)")))
        }
    }

    /// Ends the program; its outcome follows when it is gone.
    func abandon(on loop: EventLoop) {
        stop(failure("was cancelled", .cancelled), on: loop)
    }

    private func bound(on loop: EventLoop) {
        let timeout = call.timeout ?? settings.shellTimeout
        timers.append(
            loop.schedule(after: timeout) { [weak self] in
                guard let self else { return }
                stop(
                    failure("was still running after \(DurationText.spell(timeout))", .stepTimeout),
                    on: loop
                )
            }
        )
    }

    private func take(_ bytes: [UInt8], _ stream: ChildStream) {
        guard verdict == nil else { return }
        let taken = stream == .output ? output.count : errors.count
        guard bytes.count <= settings.outputBytesMax - taken else {
            let name = stream == .output ? "standard output" : "standard error"
            verdict = failure(
                "wrote more than \(settings.outputBytesMax) bytes to \(name)",
                .responseTooLarge
            )
            child?.kill()
            return
        }
        if stream == .output { output += bytes } else { errors += bytes }
    }

    /// Asks the program to end and kills it where it does not.
    private func stop(_ failure: CallFailure, on loop: EventLoop) {
        guard verdict == nil, let child else { return }
        verdict = failure
        child.terminate()
        timers.append(loop.schedule(after: settings.stopGrace) { [weak child] in child?.kill() })
    }

    private func finish(_ end: ChildEnd) {
        child = nil
        for timer in timers { timer.cancel() }
        if let verdict { return onEnd(.failure(verdict)) }
        switch end {
        case .exited(let code):
            onEnd(call.outcome(exitCode: code, output: output, errors: errors))
        case .signalled(let number):
            let code = 128 + number
            onEnd(call.outcome(exitCode: code, signal: number, output: output, errors: errors))
        case .notStarted(let reason):
            onEnd(.failure(failure("cannot be started: \(reason)")))
        case .directoryRefused(let reason):
            let directory = call.workingDirectory ?? "."
            onEnd(.failure(failure("cannot be started in \(directory): \(reason)")))
        case .lost:
            onEnd(.failure(failure("was killed together with its guard")))
        }
    }

    private func failure(
        _ what: String,
        _ code: ProblemCode = .componentFailed
    ) -> CallFailure {
        CallFailure(code: code, message: "'\(call.arguments.first ?? "")' \(what)")
    }
}
