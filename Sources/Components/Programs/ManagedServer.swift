internal import Documents
internal import Loops
internal import Primitives
internal import Workflows

/// The program of an `http-server` component: started, watched, started again, ended; bound to its loop.
///
/// Idle → starting (until its port is open) → ready → pausing, after it ended by itself → starting …; stopping is the end.
final class ManagedServer {
    /// Where the program is.
    private enum State {
        case idle
        case starting
        case ready
        case pausing
        case stopping
    }

    /// A call that waits for the program.
    private struct Waiter {
        let flight: CallHandle
        let until: Instant
        let then: @Sendable (CallFailure?) -> Void
    }

    private let id: String
    private let plan: ServerPlan
    private let loop: EventLoop
    private let settings: ProgramSettings
    private let log: Log
    private var state = State.idle
    private var child: ChildProcess?
    private var waiters: [Waiter] = []
    private var startedAt = Instant(nanoseconds: 0)
    private var failuresInRow = 0
    private var lines = LineCutter(bytesMax: 4096)
    private var lastLine = ""
    private var tick: LoopTimer?
    private var onStopped: (() -> Void)?

    /// How often the port is tried while the program starts.
    private static let probePeriod = Nanoseconds.milliseconds(50)
    private static let pauseMax = Nanoseconds.seconds(30)
    /// A program that was up this long has not failed at starting.
    private static let settledAfter = Nanoseconds.seconds(30)

    /// Describes a program; nothing is started.
    init(
        _ id: String,
        _ plan: ServerPlan,
        on loop: EventLoop,
        settings: ProgramSettings,
        log: Log
    ) {
        self.id = id
        self.plan = plan
        self.loop = loop
        self.settings = settings
        self.log = log
    }

    /// Starts the program, unless somebody else has its port already.
    func start() {
        guard state == .idle || state == .pausing else { return }
        state = .starting
        startedAt = .now()
        PortProbe.ask(loop, port: plan.port) { [weak self] isTaken in
            guard let self, state == .starting else { return }
            if isTaken {
                failedToStart("another program listens on port \(plan.port) already")
            } else {
                launch()
            }
        }
    }

    /// Calls `then` once: when the program listens, or with the reason why it did not within its time.
    func whenReady(_ flight: CallHandle, _ then: @escaping @Sendable (CallFailure?) -> Void) {
        switch state {
        case .ready: then(nil)
        case .stopping: then(failure("is being stopped", .cancelled))
        case .idle, .starting, .pausing:
            let until = Instant.now().advanced(by: plan.startTimeout)
            waiters.append(Waiter(flight: flight, until: until, then: then))
            watch()
        }
    }

    /// Lets go of somebody who waits for the program and does not want to any more.
    func forget(_ flight: CallHandle) {
        release(nil) { $0.flight === flight }
    }

    /// Ends the program with all it started; `onStopped` is called when it is gone.
    func stop(_ onStopped: @escaping () -> Void) {
        state = .stopping
        tick?.cancel()
        release(failure("is being stopped", .cancelled)) { _ in true }
        guard let child else { return onStopped() }
        self.onStopped = onStopped
        child.terminate()
        loop.schedule(after: settings.stopGrace) { [weak child] in child?.kill() }
    }

    private func launch() {
        let command = ChildCommand(
            guardPath: settings.guardPath,
            arguments: plan.start,
            environment: plan.environment,
            workingDirectory: plan.workingDirectory
        )
        do throws(LoopError) {
            child = try ChildProcess(loop: loop, command: command) { [weak self] _, bytes in
                self?.tell(bytes)
            } onEnd: { [weak self] end in
                self?.ended(end)
            }
            watch()
        } catch {
            failedToStart(error.message)
        }
    }

    /// Looks again and again, while the program starts or somebody waits for it.
    private func watch() {
        guard tick == nil else { return }
        tick = loop.every(Self.probePeriod) { [weak self] in self?.look() }
    }

    private func look() {
        let now = Instant.now()
        let late = failure(
            "did not listen on port \(plan.port) within \(DurationText.spell(plan.startTimeout))\(said)",
            .connectFailed
        )
        release(late) { $0.until <= now }
        if state == .starting, child != nil {
            if startedAt.advanced(by: plan.startTimeout) <= now {
                log(.error, "Program does not listen in time, it is ended", fields)
                child?.kill()
                return
            }
            PortProbe.ask(loop, port: plan.port) { [weak self] isOpen in
                if isOpen { self?.isListening() }
            }
        } else if waiters.isEmpty {
            tick?.cancel()
            tick = nil
        }
    }

    private func isListening() {
        guard state == .starting, child != nil else { return }
        state = .ready
        let pid = child?.programID.map { [LogRecord.Field("pid", $0)] } ?? []
        log(.info, "Program listens", fields + pid)
        release(nil) { _ in true }
    }

    private func ended(_ end: ChildEnd) {
        child = nil
        if state == .stopping {
            onStopped?()
            onStopped = nil
            return
        }
        switch end {
        case .notStarted(let reason): refused("cannot be started: \(reason)")
        case .directoryRefused(let reason):
            refused("cannot be started in \(plan.workingDirectory ?? "."): \(reason)")
        case .exited(let code): failedToStart("it ended with exit code \(code)")
        case .signalled(let number): failedToStart("it was killed by \(SignalName.of(number))")
        case .lost: failedToStart("it was killed together with its guard")
        }
    }

    /// There is nothing to hope for soon: whoever waits is told at once.
    private func refused(_ reason: String) {
        release(failure(reason)) { _ in true }
        failedToStart(reason)
    }

    private func failedToStart(_ reason: String) {
        let wasSettled = state == .ready && startedAt.advanced(by: Self.settledAfter) <= .now()
        failuresInRow = wasSettled ? 1 : failuresInRow + 1
        state = .pausing
        let pause = min(
            Nanoseconds.milliseconds(250 << Int64(min(failuresInRow, 10))),
            Self.pauseMax
        )
        log(
            .warning,
            "Program is not running, it is started again",
            fields + [.init("reason", reason), .init("in", DurationText.spell(pause))]
        )
        loop.schedule(after: pause) { [weak self] in
            if self?.state == .pausing { self?.start() }
        }
    }

    private func release(_ failure: CallFailure?, where isMeant: (Waiter) -> Bool) {
        let meant = waiters.filter(isMeant)
        waiters.removeAll(where: isMeant)
        for waiter in meant { waiter.then(failure) }
    }

    private func tell(_ bytes: [UInt8]) {
        for line in lines.cut(bytes) {
            lastLine = line
            log(.info, line, [.init("component", id)])
        }
    }

    private var said: String { lastLine.isEmpty ? "" : ": \(lastLine)" }

    private var fields: [LogRecord.Field] {
        [.init("component", id), .init("port", plan.port)]
    }

    private func failure(
        _ what: String,
        _ code: ProblemCode = .componentFailed
    ) -> CallFailure {
        CallFailure(code: code, message: "the program of '\(id)' \(what)")
    }
}
