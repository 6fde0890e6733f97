import CFaultVFS
import Journal
import Primitives
import Rendezvous
import Storage
import Store
import TestKit
import Testing
import Workflows

/// A disk that refuses: nothing is lost, nothing is done twice, and the store goes on by itself.
///
/// One at a time, for the file layer counts for the whole process.
@Suite(.serialized) struct FaultsTests {
    private let turn = FaultTurn()

    /// One way a call can fail.
    struct Fault: Sendable, CustomTestStringConvertible {
        let operation: fault_operation
        let code: Int32
        let kind: StoreError.Kind
        let testDescription: String
    }

    private static let faults = [
        Fault(operation: fault_write, code: 13, kind: .full, testDescription: "full disk"),
        Fault(operation: fault_write, code: 778, kind: .io, testDescription: "write error"),
        Fault(operation: fault_sync, code: 1034, kind: .io, testDescription: "sync error"),
        Fault(operation: fault_read, code: 266, kind: .io, testDescription: "read error"),
        Fault(operation: fault_read, code: 522, kind: .corrupt, testDescription: "short read"),
        Fault(operation: fault_any, code: 10, kind: .io, testDescription: "any call"),
    ]

    private func open(_ directory: TemporaryDirectory) throws -> Store {
        fault_vfs_register()
        return try Store(
            directory: directory.path("s"),
            settings: StoreSettings(),
            log: .silent,
            fileLayer: "fault"
        )
    }

    /// The records of a run's whole life.
    private func life(_ run: Int) -> [JournalRecord] {
        let key = Make.key("k\(run)")
        return [
            .began([Make.birth(run)], []),
            .waiting(Make.wait(run), keys: [key], deadline: Make.time),
            .delivered(
                Make.wait(run),
                Make.arrival(
                    run,
                    key: key,
                    .delivered,
                    result: "\"\(String(repeating: "r", count: 9000))\""
                ),
                Make.stamp()
            ),
            .finished(Make.run(run), .completed, Make.time),
        ]
    }

    /// Hands a life's records over, each as a commit of its own.
    private func take(_ store: Store, _ run: Int) {
        for (index, record) in life(run).enumerated() {
            let number = UInt64(run * 4 + index + 1)
            store.take([NumberedRecord(number: number, record: record)], through: number)
        }
    }

    private func flushed(_ store: Store) throws {
        try eventually("the store is written again") {
            do throws(StoreError) {
                try store.flush()
                return true
            } catch {
                return false
            }
        }
    }

    @Test(arguments: faults)
    func `a fault at any call delays the store and loses nothing`(_ fault: Fault) throws {
        let directory = try TemporaryDirectory()
        let store = try open(directory)
        defer {
            fault_vfs_disarm()
            store.close()
        }
        var told = 0
        var runs = 0
        for call in 1...24 as ClosedRange<Int64> {
            let before = store.completeThrough
            fault_vfs_arm(Int32(fault.operation.rawValue), fault.code, call, 1)
            take(store, runs)
            runs += 1
            do throws(StoreError) {
                try store.flush()
                #expect(store.completeThrough == UInt64(runs * 4))
            } catch {
                #expect(store.completeThrough >= before)
                told += 1
            }
            fault_vfs_disarm()
            try flushed(store)
            #expect(store.completeThrough == UInt64(runs * 4))
            #expect(store.failure == nil && store.backlog.records == 0)
        }
        #expect(told > 0 || fault.operation == fault_read)
        try expectWhole(store, runs: runs)
    }

    /// Every life is there, once.
    private func expectWhole(_ store: Store, runs: Int) throws {
        let stats = try store.stats()
        #expect(stats.runs == runs && stats.openRuns == 0 && stats.runEvents == 2 * runs)
        #expect(stats.waits == 0 && stats.requests == runs && stats.marks == runs)
        var query = LedgerQuery()
        query.limit = 1000
        #expect(try Set(store.requests(query).map(\.id)).count == runs)
        #expect(try store.runsToResume().isEmpty)
    }

    @Test func `a disk that stays full is told, and the store goes on when it has room`() throws {
        let directory = try TemporaryDirectory()
        let store = try open(directory)
        defer {
            fault_vfs_disarm()
            store.close()
        }
        fault_vfs_arm(Int32(fault_write.rawValue), 13, 1, 1_000_000)
        take(store, 0)
        let error = #expect(throws: StoreError.self) { try store.flush() }
        #expect(error?.kind == .full)
        #expect(store.failure?.contains("full") ?? false)
        take(store, 1)
        #expect(store.backlog.records == 8 && store.backlog.bytes > 0)
        #expect(store.completeThrough == 0)
        fault_vfs_disarm()
        try flushed(store)
        #expect(store.failure == nil && store.completeThrough == 8)
        try expectWhole(store, runs: 2)
    }

    @Test func `the log may let go only of what is synced`() throws {
        let directory = try TemporaryDirectory()
        let store = try open(directory)
        defer {
            fault_vfs_disarm()
            store.close()
        }
        let told = Watched<UInt64>(0)
        store.start { through in told.withLock { $0 = through } }
        take(store, 0)
        try store.flush()
        #expect(told.withLock { $0 } == 4)
        fault_vfs_arm(Int32(fault_sync.rawValue), 1034, 1, 1_000_000)
        take(store, 1)
        #expect(throws: StoreError.self) { try store.flush() }
        #expect(told.withLock { $0 } == 4)
        fault_vfs_disarm()
        // Nobody waits for it: it is synced by and by.
        #expect(told.wait(until: .standard) { $0 == 8 ? true : nil } != nil)
    }

    @Test func `a start on a disk that refuses is told`() throws {
        let directory = try TemporaryDirectory()
        try open(directory).close()
        for call in 1...12 as ClosedRange<Int64> {
            fault_vfs_arm(Int32(fault_any.rawValue), 10, call, 1_000_000)
            #expect(throws: StoreError.self) { try open(directory) }
            fault_vfs_disarm()
        }
        try open(directory).close()
    }

    @Test func `a replay that cannot be written throws`() throws {
        let directory = try TemporaryDirectory()
        let store = try open(directory)
        defer {
            fault_vfs_disarm()
            store.close()
        }
        fault_vfs_arm(Int32(fault_write.rawValue), 13, 1, 1_000_000)
        for (index, record) in life(0).enumerated() {
            try store.replay(NumberedRecord(number: UInt64(index + 1), record: record))
        }
        #expect(throws: StoreError.self) { try store.finishReplay(through: 4) }
    }
}
