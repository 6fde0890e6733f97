import Glibc
import Storage
import Testing

@Suite struct BackupTests {
    private let scratch = Scratch()

    private func filled() throws(StorageError) -> Database {
        let database = try scratch.database()
        for _ in 0..<50 { try database.execute("INSERT INTO t (v) VALUES (randomblob(5000))") }
        return database
    }

    @Test func `a backup has the state of one moment while others write`() throws {
        let source = try filled()
        let writer = try scratch.database()
        var steps = 0
        try source.backUp(to: scratch.path + "/b", pagesPerStep: 5) { left, all in
            steps += 1
            #expect(left < all)
            let kind = refusal { () throws(StorageError) in
                try writer.execute("INSERT INTO t (v) VALUES (1)")
            }
            #expect(kind == nil)
            return true
        }
        #expect(steps > 5)
        let copy = try Database(scratch.settings("b"))
        #expect(try copy.rowCount() == 50)
        #expect(try copy.findProblems() == [])
        #expect(try source.rowCount() == 50 + Int64(steps))
    }

    @Test func `a backup never replaces a file`() throws {
        let source = try filled()
        try source.backUp(to: scratch.path + "/b")
        let kind = refusal { () throws(StorageError) in try source.backUp(to: scratch.path + "/b") }
        #expect(kind == .cannotOpen)
    }

    @Test func `a backup that is given up leaves nothing behind`() throws {
        let source = try filled()
        let kind = refusal { () throws(StorageError) in
            try source.backUp(to: scratch.path + "/b", pagesPerStep: 1) { _, _ in false }
        }
        #expect(kind == .other)
        #expect(unsafe access(scratch.path + "/b", F_OK) != 0)
        #expect(unsafe access(scratch.path + "/b.partial", F_OK) != 0)
        #expect(!source.isInTransaction)
    }

    @Test func `a damaged file is found out`() throws {
        do {
            let database = try filled()
            #expect(try database.findProblems() == [])
            #expect(try database.findProblems(isQuick: true) == [])
            _ = try database.checkpoint(.truncate)
        }
        let file = unsafe fopen(scratch.path + "/a", "r+")
        unsafe fseek(file, 4096, SEEK_SET)
        for _ in 0..<4096 { unsafe fputc(0xAA, file) }
        unsafe fclose(file)
        let database = try Database(scratch.settings())
        #expect(try !database.findProblems().isEmpty)
        let kind = refusal { () throws(StorageError) in _ = try database.rowCount() }
        #expect(kind == .corrupt)
    }
}
