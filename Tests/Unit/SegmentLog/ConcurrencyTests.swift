import LogKit
import Primitives
import Testing

@testable import SegmentLog

@Suite struct ConcurrencyTests {
    @Test(arguments: [LogSettings.Durability.commit, .relaxed])
    func `many threads append, each in its order, and batches are shared`(
        _ durability: LogSettings.Durability
    ) throws {
        let disk = MemoryDisk()
        var settings = LogFixture.settings(segmentBlocks: 64)
        settings.durability = durability
        let open = try OpenLog(disk, settings)
        let (log, threads, each) = (open.log, 8, 300)
        let failures = Monitor<[String]>([])
        let workers = (0..<threads).map { thread in
            WorkerThread(name: "appender") {
                for number in 0..<each {
                    do throws(LogError) {
                        try log.append(LogFixture.batch("\(thread) \(number)"))
                    } catch {
                        failures.withLock { $0.append(error.description) }
                    }
                }
            }
        }
        for worker in workers { worker.join() }
        open.events.wait(for: UInt64(threads * each))
        open.log.close()
        #expect(failures.withLock { $0 } == [])
        #expect(open.events.told.isOrdered)
        #expect(open.events.told.batches < threads * each)
        let again = try OpenLog(disk, settings)
        #expect(again.records.count == threads * each)
        for thread in 0..<threads {
            let own = again.texts.filter { $0.hasPrefix("\(thread) ") }
            #expect(own == (0..<each).map { "\(thread) \($0)" })
        }
        again.log.close()
    }

    @Test func `threads that draw numbers from one counter commit without a gap`() throws {
        let disk = MemoryDisk()
        var settings = LogFixture.settings(segmentBlocks: 64)
        settings.numbering = .caller
        let open = try OpenLog(disk, settings)
        let (log, drawn) = (open.log, Monitor<UInt64>(0))
        let workers = (0..<6).map { _ in
            WorkerThread(name: "appender") {
                for _ in 0..<200 {
                    var batch = LogBatch()
                    for _ in 0..<3 {
                        let number = drawn.withLock { count -> UInt64 in
                            count += 1
                            return count
                        }
                        batch.append(Array("\(number)".utf8).span, sequence: number)
                    }
                    do throws(LogError) { try log.append(batch) } catch {
                        Issue.record("refused: \(error.description)")
                    }
                }
            }
        }
        for worker in workers { worker.join() }
        open.events.wait(for: 3600)
        open.log.close()
        let again = try OpenLog(disk, settings)
        #expect(again.texts == (1...3600).map(String.init))
        again.log.close()
    }
}
