import Storage
import Testing

@Suite struct MigrationsTests {
    private let scratch = Scratch()
    private let first = Migrations(["CREATE TABLE a (x)"])
    private let second = Migrations(["CREATE TABLE a (x)", "ALTER TABLE a ADD COLUMN y"])

    @Test func `a new file gets all steps and an old one those that are missing`() throws {
        let database = try Database(scratch.settings())
        #expect(try database.schemaVersion() == 0)
        #expect(try database.migrate(first) == 1)
        #expect(try database.migrate(first) == 0)
        #expect(try database.migrate(second) == 1)
        #expect(try database.schemaVersion() == 2)
        try database.execute("INSERT INTO a (x, y) VALUES (1, 2)")
    }

    @Test func `a newer schema is refused with both versions`() throws {
        let database = try Database(scratch.settings())
        try database.migrate(second)
        do throws(StorageError) {
            try database.migrate(first)
            Issue.record("an older program took a newer schema")
        } catch {
            #expect(error.kind == .newerSchema)
            #expect(error.message.contains("schema version 2"))
            #expect(error.message.contains("knows versions up to 1"))
        }
    }

    @Test func `a step that fails undoes all steps of its run`() throws {
        let database = try Database(scratch.settings())
        let broken = Migrations(["CREATE TABLE a (x)", "CREATE TABLE a (x)"])
        #expect(refusal { () throws(StorageError) in try database.migrate(broken) } == .other)
        #expect(try database.schemaVersion() == 0)
        #expect(try database.integer("SELECT count(*) FROM sqlite_master") == 0)
        #expect(try database.migrate(second) == 2)
    }
}
