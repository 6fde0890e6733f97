import Storage
import Testing

@Suite struct StatementTests {
    private let scratch = Scratch()

    @Test(arguments: [
        StorageValue.null, .integer(0), .integer(.min), .integer(.max), .double(1.5),
        .double(-0.25),
        .text(""), .text("ä€😀"), .text("a\u{0}b"), .blob([]), .blob([0, 255, 7]),
        .blob([UInt8](repeating: 9, count: 100_000)),
    ])
    func `a value that is stored reads back as it was`(_ value: StorageValue) throws {
        let database = try scratch.database()
        try database.run("INSERT INTO t VALUES (1, ?)", value)
        let statement = try database.prepare("SELECT v FROM t")
        #expect(try statement.step())
        #expect(statement.value(at: 0) == value)
        #expect(statement.columnCount == 1)
        #expect(try !statement.step())
    }

    @Test func `a statement can be bound and run again and again`() throws {
        let database = try scratch.database()
        let insert = try database.prepare("INSERT INTO t VALUES (?, ?)")
        for number in 1...100 as ClosedRange<Int64> {
            try insert.bind(number, at: 1)
            try insert.bind("row \(number)", at: 2)
            try insert.run()
        }
        #expect(try database.rowCount() == 100)
        #expect(database.lastRowID == 100)
        #expect(database.changes == 1)
    }

    @Test func `bytes are bound without a copy and gone afterwards`() throws {
        let database = try scratch.database()
        let insert = try database.prepare("INSERT INTO t (v) VALUES (?)")
        let bytes = [UInt8](repeating: 3, count: 5000)
        try insert.withBlob(bytes.span, at: 1) { () throws(StorageError) in try insert.run() }
        try insert.run()
        #expect(try database.integer("SELECT length(v) FROM t WHERE k = 1") == 5000)
        #expect(try database.integer("SELECT v IS NULL FROM t WHERE k = 2") == 1)
        let select = try database.prepare("SELECT v FROM t WHERE k = 1")
        #expect(try select.step())
        let count = select.withBlob(at: 0) { $0.count }
        #expect(count == 5000)
    }

    @Test func `rows are given in turn until enough`() throws {
        let database = try scratch.database()
        try database.execute("INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'c')")
        var seen: [String] = []
        let select = try database.prepare("SELECT v FROM t ORDER BY k")
        try select.forEachRow { row in
            seen.append(row.text(at: 0))
            return seen.count < 2
        }
        #expect(seen == ["a", "b"])
    }

    @Test(arguments: [
        "", "  ", "-- nothing", "SELECT 1; SELECT 2", "SELEC 1", "SELECT * FROM missing",
    ])
    func `SQL that is not one good statement is refused`(_ sql: String) throws {
        let database = try scratch.database()
        #expect(refusal { () throws(StorageError) in _ = try database.prepare(sql) } == .other)
    }

    @Test func `a parameter that is not there is refused`() throws {
        let statement = try scratch.database().prepare("SELECT ?")
        #expect(
            refusal { () throws(StorageError) in try statement.bind(Int64(1), at: 2) } == .other
        )
        #expect(refusal { () throws(StorageError) in try statement.bind("x", at: 0) } == .other)
        #expect(try statement.step())
        let areNull = [statement.isNull(at: 0), statement.isNull(at: 9)]
        #expect(areNull == [true, true])
    }

    @Test func `an error names codes, message and SQL`() throws {
        let database = try scratch.database()
        try database.execute("INSERT INTO t VALUES (1, 1)")
        do throws(StorageError) {
            try database.run("INSERT INTO t VALUES (1, 2)")
            Issue.record("the second row was taken")
        } catch {
            #expect(error.kind == .constraint)
            #expect(error.code == 19)
            #expect(error.extendedCode == 1555)
            #expect(error.message == "UNIQUE constraint failed: t.k")
            #expect(error.sql == "INSERT INTO t VALUES (1, 2)")
            #expect(error.description.contains("(SQLite 19, extended 1555) in: INSERT"))
        }
    }

    @Test func `a statement outlives the last name of its database`() throws {
        var database: Database? = try scratch.database()
        let statement = try #require(database).prepare("SELECT 42")
        database = nil
        #expect(try statement.step())
        #expect(statement.integer(at: 0) == 42)
    }
}
