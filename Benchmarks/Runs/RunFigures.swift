/// What is measured of runs.
struct RunFigures {
    private let scale: Int
    private let rounds: Int

    /// Measures a part of everything: 1 for the whole, 1000 to see that it still works.
    init(partOf scale: Int) {
        self.scale = scale
        rounds = scale > 10 ? 1 : 5
    }

    /// Measures in an engine with all workers, then in one with a single worker.
    ///
    /// - Throws: When an engine cannot be made, or takes no runs.
    func measure() throws -> Sheet {
        var sheet = Sheet()
        let engine = try Engine(workers: 0)
        _ = try engine.carry("three", count: 5000 / scale, batch: 100)
        for (workflow, steps, count) in [
            ("one", 1, 100_000), ("three", 3, 50_000), ("twenty", 20, 10_000),
        ] {
            let turns = try repeated {
                try engine.carry(workflow, count: count / scale, batch: 100)
            }
            sheet.figures += figures(workflow, steps, turns)
        }
        sheet.figures += try memory()
        let many = try engine.carry("one", count: 1_000_000 / scale, batch: 100_000 / scale)
        sheet.figures += [
            Figure(
                name: "bulk_started",
                what: "started in bulk",
                values: [Double(many.count)],
                unit: "runs"
            ),
            Figure(
                name: "bulk_completed",
                what: "of them completed",
                values: [Double(many.completed)],
                unit: "runs"
            ),
            Figure(
                name: "bulk_cpu",
                what: "a run of one step started in bulk, CPU",
                values: [many.cpu / 1000],
                unit: "µs"
            ),
        ]
        let alone = try Engine(workers: 1)
        _ = try alone.carry("twenty", count: 1000 / scale, batch: 100)
        let turns = try repeated { try alone.carry("twenty", count: 10_000 / scale, batch: 100) }
        sheet.figures.append(
            Figure(
                name: "twenty_rate_alone",
                what: "twenty steps, one worker",
                values: turns.map(\.perSecond),
                unit: "runs/s"
            )
        )
        return sheet
    }

    /// Live memory of runs, each in an engine where nothing else lives.
    private func memory() throws -> [Figure] {
        let count = 100_000 / scale
        let waiting = try Engine(workers: 0).park("wait", count: count)
        let middle = try Engine(workers: 0).park("middle", count: count)
        let engine = try Engine(workers: 0)
        let ended = try engine.keep("three", count: count)
        return [
            Figure(
                name: "parked",
                what: "runs whose memory is measured",
                values: [Double(count)],
                unit: "runs"
            ),
            Figure(
                name: "waiting_bytes",
                what: "a waiting run, live memory",
                values: [waiting],
                unit: "B"
            ),
            Figure(
                name: "middle_bytes",
                what: "a run of three steps in its last, live memory",
                values: [middle],
                unit: "B"
            ),
            Figure(
                name: "ended_bytes",
                what: "a run of three steps that has ended and is kept",
                values: [ended],
                unit: "B"
            ),
        ]
    }

    private func figures(_ name: String, _ steps: Int, _ turns: [Engine.Turn]) -> [Figure] {
        let lost = turns.reduce(0) { $0 + $1.count - $1.completed }
        return [
            Figure(
                name: "\(name)_cpu",
                what: "\(name): CPU for a run",
                values: turns.map { $0.cpu / 1000 },
                unit: "µs"
            ),
            Figure(
                name: "\(name)_rate",
                what: "\(name): runs per second",
                values: turns.map(\.perSecond),
                unit: "runs/s"
            ),
            Figure(
                name: "\(name)_lost",
                what: "\(name): runs lost",
                values: [Double(lost)],
                unit: "runs"
            ),
        ]
    }

    private func repeated(_ body: () throws -> Engine.Turn) rethrows -> [Engine.Turn] {
        var turns: [Engine.Turn] = []
        for _ in 0..<rounds { turns.append(try body()) }
        return turns
    }
}
