internal import Configuration
internal import Platform
internal import Primitives
internal import Sluice

/// `sluice up`: serves a configuration until a signal ends it.
enum UpCommand {
    static let command = Program.Command(
        name: "up",
        usage: "[-f FILE]… [--log-format text|json]",
        summary: "Serve a configuration until SIGTERM or SIGINT",
        options: ConfigurationLoading.options + Serving.options,
        run: run
    )

    @Sendable private static func run(_ arguments: Arguments) -> Int32 {
        guard arguments.operands.isEmpty else {
            return Program.mistaken("`up` takes no operand; name files with -f")
        }
        guard let configuration = ConfigurationLoading(arguments).served() else { return 1 }
        let serving: Serving
        do throws(Arguments.Mistake) {
            serving = try Serving(configuration, arguments, stream: .error)
        } catch {
            return Program.mistaken(error.message)
        }
        defer { serving.writer.close() }
        serving.prepareProcess()
        return serve(configuration, serving)
    }

    private static func serve(_ configuration: Configuration, _ serving: Serving) -> Int32 {
        do {
            let log = serving.log
            let stop = StopSwitch(log: log)
            let opening = StoreOpening(configuration: configuration, log: log, stop: stop)
            guard let persistence = try opening.persistence() else {
                log(.info, "Stopped")
                return 0
            }
            let server = try Server(configuration, persistence: persistence, log: log)
            defer { server.stop() }
            let ended = Parker()
            let settings = configuration.server
            try stop.watch { [weak server] signal in
                server?.drain(
                    delay: settings.shutdownDelay,
                    grace: settings.shutdownTimeout
                ) { ended.unpark() }
                log(.info, stopping(settings), [.init("signal", signal.name)])
            }
            try server.start()
            log(.info, "Ready")
            withExtendedLifetime(stop) { ended.park() }
            log(.info, "Stopped")
            return 0
        } catch let failure as StartFailure {
            return Program.failed(failure.message)
        } catch {
            return Program.failed("\(error)")
        }
    }

    /// What the log says at the first signal.
    private static func stopping(_ settings: ServerSettings) -> String {
        let waiting = "waiting up to \(seconds(settings.shutdownTimeout)) for requests in progress"
        guard settings.shutdownDelay > Nanoseconds(0) else {
            return "Stopping: \(waiting) (again to stop now)."
        }
        let delay = seconds(settings.shutdownDelay)
        return "Stopping: serving for \(delay) while /readyz says so, then \(waiting) "
            + "(again to stop now)."
    }

    /// A duration in seconds, with milliseconds only where it has some.
    private static func seconds(_ duration: Nanoseconds) -> String {
        let milliseconds = duration.count / 1_000_000
        guard milliseconds % 1000 > 0 else { return "\(milliseconds / 1000) s" }
        return "\(milliseconds) ms"
    }
}
