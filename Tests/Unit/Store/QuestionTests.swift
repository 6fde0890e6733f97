import Journal
import Primitives
import Storage
import Testing

@testable import Store

/// Questions are bounded in time, and never on the connections that runs are read with.
@Suite struct QuestionTests {
    @Test func `what a connection takes too long for is broken off, and it works on`() throws {
        let database = try Database(DatabaseSettings(path: ":memory:"))
        database.bound(until: .now())
        let endless =
            "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n"
        let error = #expect(throws: StorageError.self) { try database.integer(endless) }
        #expect(error?.kind == .tooSlow)
        database.bound(until: nil)
        #expect(try database.integer("SELECT 7") == 7)
    }

    @Test func `a run is read while every connection for questions is taken`() throws {
        let fixture = try StoreFixture()
        try fixture.take(.began([Make.birth(1)], []))
        let store = fixture.store
        var isFound = false
        // Held by this thread, as by two lists that take long.
        try store.questioners.read { (_) throws(StorageError) in
            try Self.within {
                () throws(StoreError) in
                try store.questioners.read { (_) throws(StorageError) in
                    try Self.within { () throws(StoreError) in
                        isFound = try store.run(Make.run(1)) != nil
                    }
                }
            }
        }
        #expect(isFound)
    }

    /// Does something of the store within a read.
    private static func within(
        _ body: () throws(StoreError) -> Void
    ) throws(StorageError) {
        do throws(StoreError) {
            try body()
        } catch {
            throw StorageError(.other, error.description)
        }
    }
}
