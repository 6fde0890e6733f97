internal import Glibc
internal import Primitives
internal import TestKit

/// One trial: a server that is killed at random moments, its senders and its service.
final class CrashTrial {
    private let folder: TemporaryDirectory
    private let plan: CrashPlan
    private let program: String
    private let records = SenderRecords()
    private let workshop: Workshop
    private let isStopping = Monitor(false)

    private static let senderCount = 6

    init(program: String) throws(KitError) {
        self.program = program
        folder = try TemporaryDirectory()
        plan = try CrashPlan(in: folder)
        workshop = try Workshop(plan, records)
    }

    /// Kills the server so many times, then looks after everything.
    ///
    /// - Returns: Whether nothing was lost or doubled, and nothing else was wrong.
    func run(kills: Int) throws(KitError) -> Bool {
        let begin = Instant.now()
        print("\(program) in \(folder.path)")
        var server = try start()
        let threads = startSenders()
        for kill in 1...max(1, kills) {
            pause(milliseconds: .random(in: 20...400))
            server.signal(SIGKILL)
            _ = try server.waitForExit()
            server = try start()
            if kill % 20 == 0 { tell(kill, begin) }
        }
        isStopping.withLock { $0 = true }
        for thread in threads { thread.join() }
        let inquest = Inquest(plan, records)
        try inquest.waitForEnd { [workshop] in workshop.isIdle }
        let verdict = inquest.judge()
        workshop.close()
        server.signal(SIGTERM)
        _ = try server.waitForExit()
        report(kills, verdict, begin)
        return verdict.isClean
    }

    private func start() throws(KitError) -> ChildProgram {
        let server = try ChildProgram(program, ["up", "-f", plan.path], directory: folder.path)
        let deadline = Deadline.seconds(60)
        let probe = HTTPProbe(port: plan.controllerPort)
        while !deadline.hasPassed {
            do throws(KitError) {
                if try probe.get("/readyz", deadline: .seconds(5)).status == 200 { return server }
            } catch {
                if let status = server.statusIfEnded {
                    throw .malformed("the server ended (\(status)): \(server.errors)")
                }
            }
            pause(milliseconds: 5)
        }
        throw .deadlinePassed(doing: "waiting for the server to be ready: \(server.errors)")
    }

    private func startSenders() -> [KitThread] {
        for _ in 0..<2 { _ = KitThread { [workshop] in workshop.work() } }
        return (0..<Self.senderCount).map { _ in
            KitThread { [plan, records, isStopping] in
                Sender(plan, records) { isStopping.withLock { $0 } }.work()
            }
        }
    }

    private func tell(_ kill: Int, _ begin: Instant) {
        let (orders, requests) = records.book.withLock { ($0.orders.count, $0.requests) }
        let seconds = Instant.now().since(begin).millisecondsRoundedUp / 1000
        print("\(kill) kills after \(seconds) s: \(orders) orders, \(requests) requests")
    }

    private func report(_ kills: Int, _ verdict: Inquest.Verdict, _ begin: Instant) {
        let book = records.book.withLock { $0 }
        for text in book.complaints { print("wrong: \(text)") }
        for text in verdict.details { print(text) }
        print(
            "\(kills) kills, \(book.requests) requests, \(book.acknowledged) acknowledged, "
                + "\(verdict.runs) runs, \(Instant.now().since(begin).millisecondsRoundedUp / 1000) s"
        )
        print("\(book.complaintCount) wrong answers")
        print("\(verdict.lost) lost")
        print("\(verdict.doubled) doubled")
    }
}
