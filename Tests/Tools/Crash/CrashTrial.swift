internal import Glibc
internal import Primitives
internal import TestKit

/// One trial: a server that is killed at random moments, or whose disk fails, its senders and its service.
final class CrashTrial {
    private let folder: TemporaryDirectory
    private let plan: CrashPlan
    private let program: String
    private let records = SenderRecords()
    private let workshop: Workshop
    private let isStopping = Watched(false)
    /// The file system under the store; nil for that of the folder.
    private let volume: Volume?

    private static let senderCount = 6

    /// Prepares a trial; on a volume of its own where its disk is to fail.
    init(program: String, hasVolume: Bool) throws(KitError) {
        self.program = program
        folder = try TemporaryDirectory()
        volume = hasVolume ? try Volume(in: folder) : nil
        plan = try CrashPlan(in: folder, store: (volume?.path ?? folder.path) + "/store")
        workshop = try Workshop(plan, records)
    }

    /// Has all of it happen to the server, then looks after everything.
    ///
    /// - Returns: Whether nothing was lost, doubled or brought back, and nothing else was wrong.
    func run(_ blows: [Blow], called name: String) throws(KitError) -> Bool {
        let begin = Instant.now()
        print("\(program) in \(folder.path)")
        var server = try start()
        let threads = startSenders()
        for (index, blow) in blows.enumerated() {
            pause(milliseconds: .random(in: 20...400))
            server = try strike(blow, server)
            if (index + 1) % 20 == 0 { tell(index + 1, name, begin) }
        }
        isStopping.withLock { $0 = true }
        for thread in threads { thread.join() }
        let inquest = Inquest(plan, records)
        try inquest.waitForEnd { [workshop] in workshop.isIdle }
        let verdict = inquest.judge()
        workshop.close()
        server.signal(SIGTERM)
        _ = try server.waitForExit()
        report("\(blows.count) \(name)", verdict, begin)
        return verdict.isClean
    }

    /// Has one thing happen, and gives the server that is ready after it.
    private func strike(_ blow: Blow, _ server: ChildProgram) throws(KitError) -> ChildProgram {
        switch blow {
        case .kill:
            try end(server, SIGKILL)
            return try start()
        case .cut, .dead:
            try volume?.cut()
            pause(milliseconds: .random(in: 0...200))
            let status = try end(server, blow == .cut ? SIGKILL : SIGTERM)
            if blow == .dead, case .signalled = status {
                records.complain("a dead disk ended the server: \(status) \(server.errors)")
            }
            try volume?.restore()
            return try start()
        case .full:
            try volume?.fill()
            pause(milliseconds: .random(in: 100...500))
            volume?.empty()
            try waitUntilReady(server)
            return server
        case .fullStart:
            try volume?.fill()
            pause(milliseconds: .random(in: 0...200))
            try end(server, SIGKILL)
            let next = try ChildProgram(program, ["up", "-f", plan.path], directory: folder.path)
            pause(milliseconds: .random(in: 100...500))
            volume?.empty()
            try waitUntilReady(next)
            return next
        }
    }

    @discardableResult
    private func end(_ server: ChildProgram, _ signal: Int32) throws(KitError) -> ExitStatus {
        server.signal(signal)
        return try server.waitForExit(deadline: .seconds(60))
    }

    private func start() throws(KitError) -> ChildProgram {
        let server = try ChildProgram(program, ["up", "-f", plan.path], directory: folder.path)
        try waitUntilReady(server)
        return server
    }

    private func waitUntilReady(_ server: ChildProgram) throws(KitError) {
        let deadline = Deadline.seconds(60)
        let probe = HTTPProbe(port: plan.controllerPort)
        while !deadline.hasPassed {
            do throws(KitError) {
                if try probe.get("/readyz", deadline: .seconds(5)).status == 200 { return }
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
        let isOver: @Sendable () -> Bool = { [isStopping] in isStopping.withLock { $0 } }
        var threads = (0..<Self.senderCount).map { _ in
            KitThread { [plan, records] in Sender(plan, records, isStopping: isOver).work() }
        }
        threads += (0..<2).map { _ in
            KitThread { [plan, records] in Clerk(plan, records, isStopping: isOver).work() }
        }
        threads += (0..<2).map { _ in
            KitThread { [plan, records] in OneShotSender(plan, records, isStopping: isOver).work() }
        }
        return threads
    }

    private func tell(_ count: Int, _ name: String, _ begin: Instant) {
        let (orders, requests) = records.book.withLock { ($0.orders.count, $0.requests) }
        let seconds = Instant.now().since(begin).millisecondsRoundedUp / 1000
        print("\(count) \(name) after \(seconds) s: \(orders) orders, \(requests) requests")
    }

    private func report(_ what: String, _ verdict: Inquest.Verdict, _ begin: Instant) {
        let book = records.book.withLock { $0 }
        for text in book.complaints { print("wrong: \(text)") }
        for text in verdict.details { print(text) }
        let seconds = Instant.now().since(begin).millisecondsRoundedUp / 1000
        print(
            "\(what), \(book.requests) requests, \(book.acknowledged) acknowledged, "
                + "\(verdict.runs) runs, \(seconds) s"
        )
        let refused = book.shots.count { $0.value == .refused }
        print(
            "\(book.shots.count) sent once, \(refused) of them refused; "
                + "\(verdict.errands) answers, cancels and retries acknowledged"
        )
        print("\(book.complaintCount) wrong answers")
        print("\(verdict.lost) lost")
        print("\(verdict.doubled) doubled")
        print("\(verdict.phantoms) refused and there nevertheless")
    }
}
