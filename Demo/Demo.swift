internal import TestKit

/// Runs the whole demo, and says whether everything was as it should be.
func runDemo() -> Bool {
    let verdict = Verdict()
    do {
        try Demo(verdict: verdict).run()
    } catch {
        verdict.fail("the demo can be run", error)
    }
    Terminal.say("\nExpected and found:\n")
    let isGood = verdict.conclude()
    Terminal.say(isGood ? Terminal.paint("PASSED", .green) : Terminal.paint("FAILED", .red))
    return isGood
}

/// The image pipeline with everything round it: two services, the built `sluice`, five runs at once.
struct Demo {
    let verdict: Verdict
    private let timeline = Timeline()

    /// Notes what happens in `verdict`.
    init(verdict: Verdict) {
        self.verdict = verdict
    }

    /// Starts everything, follows every run, and ends what it started.
    func run() throws {
        let folder = try TemporaryDirectory()
        let pipeline = try Pipeline(in: folder)
        let generator = try ImageGenerator(timeline: timeline, verdict: verdict)
            .start(port: pipeline.ports.generator)
        defer { generator.stop() }
        let optimizer = try ImageOptimizer(timeline: timeline, verdict: verdict)
            .start(port: pipeline.ports.optimizer)
        defer { optimizer.stop() }
        try checkConfiguration(pipeline)
        try serve(pipeline, generator)
        checkRequests(generator, optimizer)
    }

    /// Shows what `sluice check` says about the configuration.
    private func checkConfiguration(_ pipeline: Pipeline) throws {
        Terminal.say(Terminal.paint("sluice check -f config/image-pipeline.yml", .grey))
        let check = try SluiceProgram.start(
            ["check", "-f", pipeline.path],
            environment: Keys.environment
        )
        let status = try check.waitForExit()
        Terminal.say(check.output + check.errors)
        verdict.expect(
            "sluice check accepts the configuration",
            status == .exited(0),
            otherwise: "\(status)"
        )
    }

    /// Serves the pipeline, carries every story through it, and ends the server.
    private func serve(_ pipeline: Pipeline, _ generator: ScriptedService) throws {
        Terminal.say(Terminal.paint("sluice up -f config/image-pipeline.yml\n", .grey))
        let server = try SluiceProgram.start(
            ["up", "-f", pipeline.path],
            environment: Keys.environment
        )
        let controller = HTTPProbe(port: pipeline.ports.controller)
        do {
            try waitUntilReady(server, controller)
            let threads = Story.all.map { story in
                let run = Run(
                    story: story,
                    controller: controller,
                    timeline: timeline,
                    verdict: verdict
                )
                return KitThread { run.follow() }
            }
            for thread in threads { thread.join() }
            // The last callback of `gull` comes after its run has ended: it is waited for here.
            generator.stop()
        } catch {
            Terminal.say("sluice (process \(server.pid)) said:\n\(server.output)\(server.errors)")
            throw error
        }
        try end(server)
    }

    private func waitUntilReady(_ server: ChildProgram, _ controller: HTTPProbe) throws {
        try eventually("waiting for the controller's /health") {
            if let status = server.statusIfEnded {
                throw KitError.closed(doing: "waiting for the server, which ended: \(status)")
            }
            return isHealthy(controller)
        }
    }

    private func isHealthy(_ controller: HTTPProbe) -> Bool {
        do {
            return try controller.get("/health", deadline: .seconds(2)).status == 200
        } catch {
            return false
        }
    }

    /// Ends the server by its process id, as an operator does, and looks at what it wrote.
    private func end(_ server: ChildProgram) throws {
        server.signal(15)
        let status = try server.waitForExit()
        verdict.expect(
            "sluice ends in order on SIGTERM",
            status == .exited(0),
            otherwise: "\(status)"
        )
        let log = server.output + server.errors
        let isSecret = !Keys.environment.values.contains { log.contains($0) }
        verdict.expect("no key is in the log", isSecret, otherwise: "one is")
        verdict.expect("the log is there", !log.isEmpty, otherwise: "it is empty")
    }

    /// Every story asked the generator once, and the optimizer once where its image came.
    private func checkRequests(_ generator: ScriptedService, _ optimizer: ScriptedService) {
        let asked = generator.requests.count
        verdict.expect(
            "the generator was asked once for each run",
            asked == Story.all.count,
            otherwise: "\(asked) times"
        )
        let images = Story.all.filter(\.succeeds).map(\.imageURL)
        let bodies = optimizer.requests.map(\.text)
        let counts = images.map { image in bodies.count { $0.contains(image) } }
        verdict.expect(
            "the optimizer was asked once for each image, and not for the failed run",
            counts.allSatisfy { $0 == 1 } && bodies.count == images.count,
            otherwise: bodies.joined(separator: ", ")
        )
    }
}
