import Glibc
import Storage
import Testing

@Suite struct DatabaseTests {
    private let scratch = Scratch()

    @Test func `a database is in WAL mode with its rules on`() throws {
        let database = try scratch.database()
        #expect(try database.text("PRAGMA journal_mode") == "wal")
        #expect(try database.integer("PRAGMA foreign_keys") == 1)
        #expect(try database.integer("PRAGMA synchronous") == 1)
        #expect(try database.integer("PRAGMA busy_timeout") == 50)
    }

    @Test func `a transaction is kept whole or not at all`() throws {
        let database = try scratch.database()
        try database.transaction { () throws(StorageError) in
            try database.execute("INSERT INTO t VALUES (1, 1)")
        }
        let kind = refusal { () throws(StorageError) in
            try database.transaction { () throws(StorageError) in
                try database.execute("INSERT INTO t VALUES (2, 2)")
                try database.execute("INSERT INTO t VALUES (1, 1)")
            }
        }
        #expect(kind == .constraint)
        #expect(!database.isInTransaction)
        #expect(try database.rowCount() == 1)
    }

    @Test func `a second writer is told that the database is busy`() throws {
        let first = try scratch.database()
        let second = try scratch.database()
        try first.transaction { () throws(StorageError) in
            let kind = refusal { () throws(StorageError) in
                try second.transaction { () throws(StorageError) in }
            }
            #expect(kind == .busy)
            #expect(try second.rowCount() == 0)
        }
        try second.transaction { () throws(StorageError) in }
    }

    @Test func `a read-only connection reads and refuses to write`() throws {
        let writer = try scratch.database()
        try writer.execute("INSERT INTO t VALUES (1, 1)")
        var settings = scratch.settings()
        settings.isReadOnly = true
        let reader = try Database(settings)
        #expect(try reader.rowCount() == 1)
        let kind = refusal { () throws(StorageError) in try reader.execute("DELETE FROM t") }
        #expect(kind == .readOnly)
    }

    @Test func `a missing directory, a directory and a text file are refused`() throws {
        let missing = DatabaseSettings(path: scratch.path + "/none/a")
        #expect(refusal { () throws(StorageError) in _ = try Database(missing) } == .cannotOpen)
        let directory = DatabaseSettings(path: scratch.path)
        #expect(refusal { () throws(StorageError) in _ = try Database(directory) } == .cannotOpen)
        let file = unsafe fopen(scratch.path + "/a", "w")
        for _ in 0..<100 { unsafe fputs("this is no database\n", file) }
        unsafe fclose(file)
        let text = scratch.settings()
        #expect(refusal { () throws(StorageError) in _ = try Database(text) } == .notADatabase)
    }

    @Test func `another program's database is refused`() throws {
        var settings = scratch.settings()
        settings.applicationID = 77
        _ = try scratch.database(settings)
        _ = try Database(settings)
        settings.applicationID = 78
        #expect(refusal { () throws(StorageError) in _ = try Database(settings) } == .notADatabase)
    }

    @Test func `pages gather in the log until a checkpoint moves them`() throws {
        let database = try scratch.database()
        #expect(try database.checkpoint(.truncate).walPages == 0)
        for _ in 0..<20 { try database.execute("INSERT INTO t (v) VALUES (zeroblob(10000))") }
        #expect(database.walPages > 20)
        let passive = try database.checkpoint(.passive)
        #expect(passive.walPages == database.walPages)
        #expect(passive.movedPages == passive.walPages)
        #expect(!passive.isIncomplete)
        #expect(try !database.checkpoint(.restart).isIncomplete)
    }

    @Test func `a reader keeps a checkpoint from being finished`() throws {
        let writer = try scratch.database()
        let reader = try scratch.database()
        try writer.execute("INSERT INTO t VALUES (1, 1)")
        try reader.transaction(.deferred) { () throws(StorageError) in
            #expect(try reader.rowCount() == 1)
            try writer.execute("INSERT INTO t VALUES (2, 2)")
            #expect(try writer.checkpoint(.truncate).isIncomplete)
        }
        #expect(try !writer.checkpoint(.truncate).isIncomplete)
    }
}
