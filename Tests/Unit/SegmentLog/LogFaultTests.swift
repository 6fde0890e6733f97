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
                let text = LogFixture.text(next, bytes: next * 970 % 9000)
                do throws(LogError) {
                    let sequence = try open.log.append(LogFixture.batch(text))
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
                try story.work(open, records: 12)
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

    /// How a process ends.
    enum End: CaseIterable, Sendable {
        case killed, stopped, cut
    }

    @Test(arguments: End.allCases, [1, 2, 3, 4, 50] as [Int])
    func `what was refused is not found again, however the process ends after it`(
        _ end: End,
        _ times: Int
    ) throws {
        var (refused, unknown) = (0, 0)
        for call in 1...60 {
            let disk = MemoryDisk(seed: UInt64(call))
            let open = try OpenLog(disk)
            disk.fail(at: call, times: times, code: 5)
            var texts: [String] = []
            while open.events.told.failure == nil, texts.count < 20 {
                let text = LogFixture.text(texts.count, bytes: texts.count * 970 % 9000)
                texts.append(text)
                do throws(LogError) {
                    open.events.wait(for: try open.log.append(LogFixture.batch(text, text + "b")))
                } catch {
                    #expect(open.events.wait { $0.failure != nil })
                }
            }
            let told = open.events.told
            if end != .stopped { disk.cutNow() }
            open.log.close()
            if end == .cut { disk.restart() } else { disk.restartProcess() }
            let again = try OpenLog(disk)
            let found = UInt64(again.records.count)
            again.log.close()
            guard told.failure != nil else {
                #expect(found == told.committed)
                continue
            }
            #expect(told.failedAfter == told.committed)
            #expect(found >= told.committed, "call \(call)")
            #expect(found <= max(told.committed, told.unknownThrough), "call \(call)")
            if told.unknownThrough > told.committed { unknown += 1 } else { refused += 1 }
        }
        #expect(refused > 0)
        // Once more than the write and its taking back.
        #expect((unknown > 0) == (times > 1))
    }

    /// Two lives that fill segments, have them used again, and close; one call of the file system fails.
    private struct Tour {
        let disk: MemoryDisk
        var settings = LogFixture.settings()
        var acknowledged: [String] = []
        var released = 0

        init(call: Int) {
            disk = MemoryDisk(seed: UInt64(call))
            // So that files are made, used again, and removed.
            settings.sparesMax = 1
            disk.fail(at: call, code: 5)
        }

        /// One life; gives what it could not do.
        mutating func live() throws(LogError) -> [LogError] {
            var troubles: [LogError] = []
            var opened: OpenLog?
            while opened == nil {
                do throws(LogError) {
                    opened = try OpenLog(disk, settings, after: UInt64(released))
                } catch {
                    troubles.append(error)
                    disk.restartProcess()
                    guard troubles.count < 3 else { throw error }
                }
            }
            guard let open = opened else { return troubles }
            for number in 0..<12 {
                let text = LogFixture.text(acknowledged.count, bytes: 5000)
                do throws(LogError) {
                    let sequence = try open.log.append(LogFixture.batch(text))
                    open.events.wait(for: sequence)
                    if open.events.told.committed >= sequence { acknowledged.append(text) }
                } catch {
                    guard case .failed = error else { throw error }
                }
                if let failure = open.events.told.failure {
                    troubles.append(failure)
                    open.events.clearFailure()
                    try open.log.reopen()
                }
                if number % 6 == 5 {
                    released = acknowledged.count
                    open.log.release(through: UInt64(released))
                }
            }
            open.log.close()
            return troubles
        }
    }

    @Test
    func `an error at any call, at a start, while it runs or at its end, is told and harmless`()
        throws
    {
        var hit: Set<FileFailure.Operation> = []
        // Two threads make the calls: how many there are differs by a few from tour to tour.
        var missed = 0
        var call = 0
        while missed < 5 {
            call += 1
            var tour = Tour(call: call)
            var troubles = try tour.live()
            troubles += try tour.live()
            let operation = tour.disk.heal()
            if let operation { hit.insert(operation) }
            missed = operation == nil ? missed + 1 : 0
            for trouble in troubles { #expect(trouble.description.contains("cannot "), "\(call)") }
            tour.disk.restart()
            let last = try OpenLog(tour.disk, tour.settings, after: UInt64(tour.released))
            let kept = Array(tour.acknowledged.dropFirst(tour.released))
            #expect(last.texts == kept, "call \(call): \(troubles.map(\.description))")
            last.log.close()
        }
        let all: Set<FileFailure.Operation> = [
            .list, .open, .create, .preallocate, .write, .read, .sync, .rename, .remove,
            .syncDirectory, .lock, .size, .discardCache,
        ]
        #expect(all.subtracting(hit) == [])
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
        #expect(throws: LogError.failed(full)) { try open.log.append(LogFixture.batch("c")) }
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
