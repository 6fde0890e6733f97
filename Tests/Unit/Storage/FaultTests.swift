import CFaultVFS
import Storage
import Testing

/// Everything that the file layer can refuse; one at a time, for the layer counts for the whole
/// process.
@Suite(.serialized) struct FaultTests {
    private let turn = FaultTurn()

    /// One way a call can fail, and what it is told as.
    struct Fault: Sendable, CustomTestStringConvertible {
        let operation: fault_operation
        let code: Int32
        let kind: StorageError.Kind
        let testDescription: String
    }

    private let scratch = Scratch()

    private func open() throws(StorageError) -> Database {
        fault_vfs_register()
        var settings = scratch.settings()
        settings.fileLayer = "fault"
        settings.synchronous = .full
        return try scratch.database(settings)
    }

    private static let writeFaults = [
        Fault(operation: fault_write, code: 13, kind: .full, testDescription: "full disk"),
        Fault(operation: fault_write, code: 778, kind: .io, testDescription: "write error"),
        Fault(operation: fault_sync, code: 1034, kind: .io, testDescription: "sync error"),
    ]

    @Test(arguments: writeFaults)
    func `a fault at any call of a write undoes it, is told, and passes`(_ fault: Fault) throws {
        let database = try open()
        var rows: Int64 = 0
        var told = 0
        for call in 1...30 as ClosedRange<Int64> {
            fault_vfs_arm(Int32(fault.operation.rawValue), fault.code, call, 1)
            let kind = refusal { () throws(StorageError) in
                try database.transaction { () throws(StorageError) in
                    for _ in 0..<4 {
                        try database.execute("INSERT INTO t (v) VALUES (zeroblob(9000))")
                    }
                }
            }
            let hits = fault_vfs_disarm()
            if kind == nil {
                rows += 4
            } else {
                #expect(kind == fault.kind)
                #expect(hits > 0)
                told += 1
            }
            #expect(!database.isInTransaction)
            #expect(try database.rowCount() == rows)
            if hits == 0 { break }
        }
        #expect(told > 0)
        #expect(try database.findProblems() == [])
    }

    @Test func `a lock that is soon free is waited for`() throws {
        let database = try open()
        fault_vfs_arm(Int32(fault_lock.rawValue), 5, 1, 1)
        try database.execute("INSERT INTO t VALUES (1, 1)")
        #expect(fault_vfs_disarm() == 1)
        #expect(try database.rowCount() == 1)
    }

    @Test(arguments: [
        Fault(operation: fault_read, code: 266, kind: .io, testDescription: "read error"),
        Fault(operation: fault_read, code: 522, kind: .corrupt, testDescription: "short read"),
    ])
    func `a read that fails is told, and a new connection reads again`(_ fault: Fault) throws {
        do {
            let database = try open()
            for _ in 0..<20 { try database.execute("INSERT INTO t (v) VALUES (randomblob(9000))") }
            _ = try database.checkpoint(.truncate)
        }
        let database = try open()
        fault_vfs_arm(Int32(fault.operation.rawValue), fault.code, 1, 1_000_000)
        let kind = refusal { () throws(StorageError) in
            _ = try database.integer("SELECT sum(length(v)) FROM t")
        }
        #expect(fault_vfs_disarm() > 0)
        #expect(kind == fault.kind)
        #expect(try open().integer("SELECT sum(length(v)) FROM t") == 180_000)
    }

    @Test func `a file that cannot be opened is told`() throws {
        _ = try open()
        fault_vfs_arm(Int32(fault_open.rawValue), 14, 1, 1)
        let kind = refusal { () throws(StorageError) in _ = try open() }
        #expect(fault_vfs_disarm() == 1)
        #expect(kind == .cannotOpen)
        _ = try open()
    }

    @Test func `a fault at any call of an open is told and the next open works`() throws {
        _ = try open()
        for call in 1...200 as ClosedRange<Int64> {
            fault_vfs_arm(Int32(fault_any.rawValue), 10, call, 1)
            let kind = refusal { () throws(StorageError) in _ = try open() }
            if fault_vfs_disarm() == 0 {
                #expect(call > 3)
                break
            }
            #expect(kind == nil || kind == .io || kind == .cannotOpen)
            #expect(try open().rowCount() == 0)
        }
    }

    @Test func `a checkpoint that fails loses nothing`() throws {
        let database = try open()
        for _ in 0..<20 { try database.execute("INSERT INTO t (v) VALUES (zeroblob(9000))") }
        fault_vfs_arm(Int32(fault_write.rawValue), 778, 3, 1_000_000)
        let kind = refusal { () throws(StorageError) in _ = try database.checkpoint(.full) }
        #expect(fault_vfs_disarm() > 0)
        #expect(kind == .io)
        #expect(try database.rowCount() == 20)
        #expect(try !database.checkpoint(.restart).isIncomplete)
        #expect(try database.findProblems() == [])
    }

    @Test func `a backup to a full disk is told and leaves nothing behind`() throws {
        let database = try open()
        for _ in 0..<20 { try database.execute("INSERT INTO t (v) VALUES (zeroblob(9000))") }
        fault_vfs_arm(Int32(fault_write.rawValue), 13, 3, 1_000_000)
        let kind = refusal { () throws(StorageError) in
            try database.backUp(to: scratch.path + "/b")
        }
        #expect(fault_vfs_disarm() > 0)
        #expect(kind == .full)
        try database.backUp(to: scratch.path + "/b")
        #expect(try Database(scratch.settings("b")).rowCount() == 20)
    }
}
