import LogKit
import Primitives
import SegmentLog
import TestKit

@testable import Journal

/// A durable journal on a disk in memory, and what it told.
final class JournalFixture: Sendable {
    /// What was told so far.
    struct Told: Sendable {
        var settled: [UInt64: Bool] = [:]
        var order: [UInt64] = []
        var committedThrough: UInt64 = 0
        /// What stood in the table and was taken back, from which number on.
        var failures: [UInt64] = []
        var lastNumber: UInt64 = 0
        var recoveries = 0
        /// Records told as committed before the owner had them final.
        var early = 0
        var handedOn: [UInt64] = []
        var replayed: [UInt64: JournalRecord] = [:]
    }

    let told: Watched<Told>
    let journal: DurableJournal
    private let follower: Follower

    /// Opens a journal on a disk.
    init(
        _ disk: MemoryDisk,
        durability: LogSettings.Durability = .commit,
        sizeBytesMax: UInt64 = 50 << 30
    ) throws(LogError) {
        var settings = LogSettings()
        settings.segmentBytes = 64 << 10
        settings.batchBytesMax = 16 << 10
        settings.durability = durability
        var found: [UInt64: JournalRecord] = [:]
        var bounds = DurableJournal.Bounds()
        bounds.sizeBytesMax = sizeBytesMax
        let follower = Follower()
        self.follower = follower
        journal = try DurableJournal(
            files: disk,
            settings: settings,
            bounds: bounds,
            follower: follower,
            log: .silent
        ) { number, record, _ in
            found[number] = record
            return true
        }
        let told = Watched(Told())
        self.told = told
        let last = journal.lastNumber
        told.withLock { told in
            told.replayed = found
            told.lastNumber = last
        }
        follower.told.withLock { $0 = told }
        journal.attach(
            JournalHandle(
                commit: { number in told.withLock { $0.committedThrough = number } },
                fail: { number in
                    told.withLock { told in
                        told.failures.append(number)
                        return told.lastNumber
                    }
                },
                recovered: { told.withLock { $0.recoveries += 1 } }
            )
        )
    }

    /// Has what comes behind the journal say that it takes so many bytes.
    func setFollowerSize(_ bytes: Int) { follower.size.withLock { $0 = bytes } }

    /// Appends a record of a text under the next number.
    @discardableResult
    func append(_ text: String) -> UInt64 {
        let number = told.withLock { told in
            told.lastNumber += 1
            return told.lastNumber
        }
        append(text, number: number)
        return number
    }

    /// Appends a record under a number that was drawn.
    func append(_ text: String, number: UInt64) {
        append([(text, number)])
    }

    /// Appends records under numbers that were drawn, in one batch.
    func append(_ records: [(text: String, number: UInt64)]) {
        var batch = JournalBatch()
        for (text, number) in records {
            let record = JournalRecord.text(
                Fingerprint(high: number, low: 0),
                Array(text.utf8)
            )
            batch.add(record, number: number) { [told] isCommitted in
                told.withLock { told in
                    told.settled[number] = isCommitted
                    told.order.append(number)
                    if isCommitted, told.committedThrough < number { told.early += 1 }
                }
            }
        }
        journal.append(batch)
    }

    /// Draws a number whose record comes later.
    func draw() -> UInt64 {
        told.withLock { told in
            told.lastNumber += 1
            return told.lastNumber
        }
    }

    /// Waits until something was told.
    func wait(_ what: String, until isTrue: @escaping (Told) -> Bool) throws {
        guard told.wait(until: .standard, for: { isTrue($0) ? true : nil }) != nil else {
            throw KitError.deadlinePassed(doing: what)
        }
    }

    /// Waits until a number is settled, and gives the verdict.
    func verdict(_ number: UInt64) throws -> Bool {
        try wait("settling \(number)") { $0.settled[number] != nil }
        return told.withLock { $0.settled[number] ?? false }
    }

    /// Notes what the journal hands on.
    private final class Follower: JournalFollower {
        let told = Lock<Watched<Told>?>(nil)
        let size = Lock(0)
        var refusal: String? { nil }
        var sizeBytes: Int { size.withLock { $0 } }

        func take(_ records: [NumberedRecord], through: UInt64) {
            told.withLock { $0 }?.withLock { $0.handedOn += records.map(\.number) }
        }
    }
}
