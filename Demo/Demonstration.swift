internal import Loops
internal import Platform
internal import Primitives

/// The image pipeline with everything around it: two services, `sluice` itself, five runs at once.
package enum Demonstration {
    /// Runs the whole demo on loopback, and says whether everything was as it should be.
    ///
    /// Takes about two seconds; blocks the calling thread.
    package static func run() -> Bool {
        let verdict = Verdict()
        do {
            try Performance(verdict: verdict).run()
        } catch {
            verdict.fail("the demo can be run", error)
        }
        Terminal.say("\nExpected and found:\n")
        let isGood = verdict.conclude()
        Terminal.say(isGood ? Terminal.paint("PASSED", .green) : Terminal.paint("FAILED", .red))
        return isGood
    }
}

/// One performance of the demo.
private struct Performance {
    let verdict: Verdict
    private let timeline = Timeline()

    /// Notes what happens in `verdict`.
    init(verdict: Verdict) {
        self.verdict = verdict
    }

    /// Starts everything, follows every run, and ends what it started.
    func run() throws {
        let generator = try ImageGenerator(
            timeline: timeline,
            verdict: verdict,
            client: DemoClient()
        ).start()
        defer { generator.stop() }
        let optimizer = try ImageOptimizer(timeline: timeline, verdict: verdict).start()
        defer { optimizer.stop() }
        let pipeline = try Pipeline(generator: generator.port, optimizer: optimizer.port)
        try checkConfiguration(pipeline)
        try serve(pipeline, generator)
        checkRequests(generator, optimizer)
    }

    private func sluice(_ command: String, _ pipeline: Pipeline) throws -> DemoProgram {
        Terminal.say(Terminal.paint("sluice \(command) -f \(pipeline.path)\n", .grey))
        return try DemoProgram(
            [command, "-f", pipeline.path],
            environment: Keys.environment,
            directory: pipeline.folder.path
        )
    }

    /// Shows what `sluice check` says about the configuration.
    private func checkConfiguration(_ pipeline: Pipeline) throws {
        let check = try sluice("check", pipeline)
        let end = try check.waitForEnd()
        Terminal.say(check.output)
        verdict.expect(
            "sluice check accepts the configuration",
            end == .exited(0),
            otherwise: "\(end)"
        )
    }

    /// Serves the pipeline, carries every story through it, and ends the server.
    private func serve(_ pipeline: Pipeline, _ generator: DemoService) throws {
        let server = try sluice("up", pipeline)
        let controller = try DemoClient(base: "http://127.0.0.1:\(pipeline.controllerPort)")
        do {
            try waitUntilReady(server, controller)
            let threads = Story.all.map { story in
                let run = Run(
                    story: story,
                    controller: controller,
                    timeline: timeline,
                    verdict: verdict
                )
                return WorkerThread(name: "run") { run.follow() }
            }
            for thread in threads { thread.join() }
            // The last callback of `gull` comes after its run has ended: it is waited for here.
            generator.stop()
        } catch {
            Terminal.say("sluice said:\n\(server.output)")
            throw error
        }
        try end(server)
    }

    private func waitUntilReady(_ server: DemoProgram, _ controller: DemoClient) throws {
        let deadline = Instant.now().advanced(by: .seconds(30))
        while Instant.now() < deadline {
            if let end = server.end { throw DemoFailure("the server ended: \(end)") }
            if isHealthy(controller) { return }
            Terminal.pause(milliseconds: 10)
        }
        throw DemoFailure("the server was not ready within 30 s")
    }

    private func isHealthy(_ controller: DemoClient) -> Bool {
        do {
            return try controller.get("/health").status == 200
        } catch {
            return false
        }
    }

    /// Ends the server as an operator does, and looks at what it wrote.
    private func end(_ server: DemoProgram) throws {
        server.terminate()
        let end = try server.waitForEnd()
        verdict.expect("sluice ends in order on SIGTERM", end == .exited(0), otherwise: "\(end)")
        let log = server.output
        let isSecret = !Keys.environment.contains { log.contains($0.value) }
        verdict.expect("no key is in the log", isSecret, otherwise: "one is")
        verdict.expect("the log is there", !log.isEmpty, otherwise: "it is empty")
    }

    /// Every story asked the generator once, and the optimizer once where its image came.
    private func checkRequests(_ generator: DemoService, _ optimizer: DemoService) {
        let asked = generator.bodies.count
        verdict.expect(
            "the generator was asked once for each run",
            asked == Story.all.count,
            otherwise: "\(asked) times"
        )
        let images = Story.all.filter(\.succeeds).map(\.imageURL)
        let bodies = optimizer.bodies.map { String(decoding: $0, as: UTF8.self) }
        let counts = images.map { image in bodies.count { $0.contains(image) } }
        verdict.expect(
            "the optimizer was asked once for each image, and not for the failed run",
            counts.allSatisfy { $0 == 1 } && bodies.count == images.count,
            otherwise: bodies.joined(separator: ", ")
        )
    }
}
