import Glibc
import Loops
import Primitives

/// Carries an assignment out on a group of loops.
final class Drive: Sendable {
    /// What came of it.
    struct Outcome: Sendable {
        /// What was counted.
        let tally: Tally
        /// How long answers took.
        let latency: Histogram.Snapshot
        /// From the first request to the last answer.
        let seconds: Double
        /// What this process has spent on processors meanwhile.
        let cpuSeconds: Double
    }

    private let group: LoopGroup
    private let loads: [LoopBound<LoadLoop>]
    private let latency = Histogram()
    private let counts: SleepingLock<(tally: Tally, left: Int)>
    private let parker = Parker()

    /// Opens the connections.
    ///
    /// - Throws: ``Mistake`` where the address or the system is not as it must be.
    init(_ assignment: Assignment, to target: Target) throws(Mistake) {
        counts = SleepingLock((Tally(), assignment.threads))
        let latency = latency
        let made = SleepingLock<[LoopBound<LoadLoop>]>([])
        do {
            _ = try ProcessLimits.raiseOpenFiles()
            group = try LoopGroup(threads: assignment.threads, name: "load")
            let address = try RemoteAddress(ListenAddress(host: target.host, port: target.port))
            try group.onEach { loop in
                let load = LoadLoop(assignment, on: loop, address: address, latency: latency)
                load.open()
                made.withLock { $0.append(LoopBound(load, on: loop)) }
            }
        } catch {
            throw Mistake((error as? LoopError)?.message ?? "\(error)")
        }
        loads = made.withLock { $0 }
    }

    deinit {
        group.stop()
    }

    /// Sends everything and waits for the end.
    func run() -> Outcome {
        let cpuBefore = clock()
        let moment = Instant.now().nanoseconds
        for load in loads {
            load.port.post { [self] loop in
                load.get(on: loop).begin(at: moment) { self.end(with: $0) }
            }
        }
        parker.park()
        let cpuAfter = clock()
        let tally = counts.withLock { $0.tally }
        return Outcome(
            tally: tally,
            latency: latency.snapshot(),
            seconds: tally.ended > moment ? Double(tally.ended - moment) / 1e9 : 0,
            cpuSeconds: Double(cpuAfter - cpuBefore) / 1e6
        )
    }

    private func end(with tally: Tally) {
        let isLast = counts.withLock { counts in
            counts.tally.add(tally)
            counts.left -= 1
            return counts.left == 0
        }
        if isLast { parker.unpark() }
    }
}
