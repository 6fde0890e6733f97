import LogKit

@testable import SegmentLog

/// One disk through many power cuts, with a memory of everything that was appended and
/// acknowledged.
struct PowerCutTrial {
    /// What must never happen.
    enum Violation: Error, Equatable {
        case lost(acknowledged: UInt64, found: UInt64)
        case invented(UInt64)
        case gap(UInt64)
        case refused(String)
    }

    private let disk: MemoryDisk
    private var random: SplitMix
    private var settings = LogFixture.settings()
    private var appended: [UInt64: [UInt8]] = [:]
    private var acknowledged: UInt64 = 0
    private var released: UInt64 = 0
    /// How many cuts there were.
    private(set) var cuts = 0
    /// How many times the log failed and was reopened in one life.
    private(set) var reopenings = 0
    /// Of how many records it was told that nobody knows what becomes of them.
    private(set) var unknown = 0
    /// How many records were acknowledged.
    private(set) var records: UInt64 = 0

    init(seed: UInt64, durability: LogSettings.Durability = .commit, ignoresSync: Bool = false) {
        random = SplitMix(seed: seed)
        disk = MemoryDisk(seed: seed &* 77)
        disk.ignoreSyncs(ignoresSync)
        settings.durability = durability
        settings.relaxedSyncDelay = 300_000
        settings.sizeBytesMax = UInt64(settings.segmentBytes * 12)
    }

    /// Runs until the disk went through `count` cuts.
    mutating func run(cuts count: Int) throws(Violation) {
        while cuts < count {
            disk.cut(after: Int.random(in: 1...(cuts % 2 == 0 ? 60 : 200), using: &random))
            try live()
            cuts += 1
            if Int.random(in: 0..<8, using: &random) == 0 {
                disk.restartProcess()
            } else {
                disk.restart()
            }
        }
        try live()
    }

    /// One life of the process: opens, checks what is there, appends until the power goes.
    private mutating func live() throws(Violation) {
        let open: OpenLog
        do throws(LogError) {
            open = try OpenLog(disk, settings, after: released)
        } catch {
            if disk.isOff { return }
            throw .refused(error.description)
        }
        defer { open.log.close() }
        try check(open)
        for _ in 0..<Int.random(in: 0...20, using: &random) {
            if settings.durability == .commit, Int.random(in: 0..<3, using: &random) == 0 {
                let times = [1, 1, 2, 3, 8][Int.random(in: 0..<5, using: &random)]
                disk.fail(at: Int.random(in: 1...5, using: &random), times: times, code: 5)
            }
            if append(to: open) { continue }
            noteFailure(open)
            // Sometimes the process ends before the log could be opened again: killed, or in order.
            if Int.random(in: 0..<3, using: &random) == 0 { break }
            if !reopen(open) { break }
        }
        note(open)
        if Bool.random(using: &random) { open.log.close() }
        noteFailure(open)
        disk.cutNow()
    }

    /// After a failure was told: what was refused for good must never be found.
    private mutating func noteFailure(_ open: OpenLog) {
        let told = open.events.told
        guard told.failure != nil else { return }
        let known = max(told.failedAfter, told.unknownThrough)
        unknown += Int(known - told.failedAfter)
        appended = appended.filter { $0.key <= known }
    }

    private mutating func check(_ open: OpenLog) throws(Violation) {
        let last = open.log.report.nextSequence - 1
        if last < acknowledged { throw .lost(acknowledged: acknowledged, found: last) }
        var sequence = released
        while sequence < last {
            sequence += 1
            guard let record = open.records[sequence] else { throw .gap(sequence) }
            if record != appended[sequence] { throw .invented(sequence) }
        }
        if UInt64(open.records.count) > last - released { throw .invented(last + 1) }
        appended = appended.filter { $0.key <= last }
        acknowledged = last
    }

    /// Appends a batch; false once the log takes no more.
    private mutating func append(to open: OpenLog) -> Bool {
        var batch = LogBatch()
        var next = open.log.nextSequence
        for _ in 0..<Int.random(in: 1...5, using: &random) {
            let record = makeRecord()
            appended[next] = record
            batch.append(record.span)
            next += 1
        }
        do throws(LogError) {
            try open.log.append(batch)
        } catch {
            if case .full = error { return makeRoom(in: open, from: next - UInt64(batch.count)) }
            _ = open.events.wait { $0.failure != nil }
            return false
        }
        switch Int.random(in: 0..<4, using: &random) {
        case 0, 1: open.events.wait(for: next - 1)
        case 2:
            note(open)
            let highest = max(released, durable(open))
            let isAll = Bool.random(using: &random)
            released = isAll ? highest : UInt64.random(in: released...highest, using: &random)
            open.log.release(through: released)
        default: break
        }
        return open.events.told.failure == nil
    }

    /// Gives back what the store could have, after a batch was refused whole because the log has its full size: how soon
    /// released segments are taken back is up to another thread, and no failure.
    private mutating func makeRoom(in open: OpenLog, from refused: UInt64) -> Bool {
        appended = appended.filter { $0.key < refused }
        note(open)
        released = max(released, durable(open))
        open.log.release(through: released)
        return open.events.told.failure == nil
    }

    /// Goes on after a failure as its owner would; false when the power is off.
    private mutating func reopen(_ open: OpenLog) -> Bool {
        note(open)
        disk.heal()
        open.events.clearFailure()
        do throws(LogError) { try open.log.reopen() } catch { return false }
        appended = appended.filter { $0.key < open.log.nextSequence }
        reopenings += 1
        return true
    }

    /// What a store behind the log could have by now: only what survives.
    private func durable(_ open: OpenLog) -> UInt64 {
        settings.durability == .commit ? acknowledged : max(released, open.events.told.synced)
    }

    private mutating func note(_ open: OpenLog) {
        let told = open.events.told
        let counted = settings.durability == .commit ? told.committed : told.synced
        if counted > acknowledged {
            records += counted - acknowledged
            acknowledged = counted
        }
    }

    private mutating func makeRecord() -> [UInt8] {
        let isLong = Int.random(in: 0..<10, using: &random) == 0
        let count = Int.random(in: 0...(isLong ? 9000 : 200), using: &random)
        let seed = random.next()
        var record = [UInt8](repeating: UInt8(truncatingIfNeeded: seed), count: count)
        for index in 0..<min(8, count) {
            record[index] = UInt8(truncatingIfNeeded: seed >> UInt64(8 * index))
        }
        return record
    }
}
