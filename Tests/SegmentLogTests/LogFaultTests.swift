import LogKit
import Testing

@testable import SegmentLog

@Suite struct LogFaultTests {
    /// A story with restarts and changes of segment, in which one call fails; what was told must be
    /// true.
    private struct Story {
        let disk = MemoryDisk()
        var acknowledged: [String] = []
        var next = 0
        var faults = 0

        /// Opens the log; the second time it must work.
        mutating func open() throws(LogError) -> OpenLog {
            do throws(LogError) { return try OpenLog(disk) } catch {
                faults += 1
                disk.restartProcess()
                return try OpenLog(disk)
            }
        }

        /// Commits some records; after a failure it reopens and goes on.
        mutating func work(_ open: OpenLog, records: Int) throws(LogError) {
            for _ in 0..<records {
                next += 1
                let text = "\(next) " + String(repeating: "r", count: next * 97 % 3000)
                do throws(LogError) {
                    let sequence = try open.log.append(LogRig.batch(text))
                    open.events.wait(for: sequence)
                    if open.events.told.committed >= sequence { acknowledged.append(text) }
                } catch {
                    guard case .failed = error else { throw error }
                }
                guard open.events.told.failure != nil else { continue }
                faults += 1
                disk.heal()
                open.events.clearFailure()
                try open.log.reopen()
            }
        }
    }

    @Test(arguments: [28, 5, 30] as [Int32], [1, 2] as [Int])
    func `any call may fail once and nothing that was told is untrue`(
        _ code: Int32,
        _ lives: Int
    ) throws {
        var faults = 0
        for call in 1...400 {
            var story = Story()
            story.disk.fail(at: call, code: code)
            for _ in 0..<lives {
                let open = try story.open()
                try story.work(open, records: 25)
                open.log.close()
            }
            let isHit = story.disk.heal() != nil
            faults += story.faults
            story.disk.restart()
            let last = try OpenLog(story.disk)
            #expect(last.texts == story.acknowledged, "call \(call)")
            last.log.close()
            if !isHit { break }
        }
        #expect(faults > 20)
    }

    @Test func `after a failure nothing is taken until the log is reopened`() throws {
        let disk = MemoryDisk()
        let open = try OpenLog(disk)
        try open.commit("a")
        disk.failNext(.write, of: "segment-0000000000000001.log", code: 28)
        try open.commit("b")
        let full = LogError.file(
            FileFailure(.write, path: "segment-0000000000000001.log", code: 28)
        )
        #expect(open.events.told.failure == full)
        #expect(open.events.told.failedAfter == 1)
        #expect(open.log.failure == full)
        #expect(throws: LogError.failed(full)) { try open.log.append(LogRig.batch("c")) }
        disk.failNext(.list, of: "", code: 5)
        #expect(throws: LogError.self) { try open.log.reopen() }
        #expect(open.log.failure == full)
        disk.heal()
        open.events.clearFailure()
        try open.log.reopen()
        #expect(open.log.failure == nil)
        try open.commit("d")
        open.log.close()
        let again = try OpenLog(disk)
        #expect(again.texts == ["a", "d"])
        again.log.close()
    }

    @Test func `a disk that is full for long is told and recovers by itself`() throws {
        let disk = MemoryDisk()
        let open = try OpenLog(disk)
        try open.commit("a")
        disk.setOff(true)
        try open.commit("b")
        #expect(open.events.told.failure != nil)
        for _ in 0..<3 { #expect(throws: LogError.self) { try open.log.reopen() } }
        disk.setOff(false)
        open.events.clearFailure()
        try open.log.reopen()
        try open.commit("c")
        open.log.close()
        let again = try OpenLog(disk)
        #expect(again.texts == ["a", "c"])
        again.log.close()
    }
}
