import Journal
import Primitives
import Rendezvous
import Storage
import TestKit
import Testing
import Workflows

@testable import Store

/// A row that the disk changed is found, and never handed out as what was stored.
@Suite struct DamageTests {
    /// A store with rows in every table.
    private func fixture() throws -> StoreFixture {
        let fixture = try StoreFixture()
        let late = Make.time.advanced(by: .seconds(3600))
        let large = String(repeating: "x", count: 9000)
        let claim = Claim(key: Make.plan(1), payload: Make.plan(2), until: late, answer: [1])
        try fixture.take(
            .text(Make.plan(1), [1, 2, 3]),
            .began([Make.birth(1), Make.birth(2)], [claim])
        )
        try fixture.take(
            .waiting(Make.wait(1), keys: [Make.key("a")], deadline: late),
            .waiting(Make.wait(2), keys: [Make.key("b")], deadline: late),
            .advanced(Make.run(1), .cancel(reason: large), Make.stamp())
        )
        try fixture.take(
            .held(Make.arrival(1, key: Make.key("early"), .held), until: late, listener: 0),
            .held(Make.arrival(2, key: Make.key("gone"), .held), until: late, listener: 0),
            .delivered(Make.wait(2), Make.arrival(3, key: Make.key("b"), .delivered), Make.stamp()),
            .delivered(
                Make.wait(1),
                Make.arrival(4, key: Make.key("a"), .delivered, reusesKey: true),
                Make.stamp()
            ),
            .unfetched(number: fixture.number + 2, Make.time)
        )
        try fixture.store.noteLog()
        return fixture
    }

    @Test func `every row has a checksum of all that it holds`() throws {
        let fixture = try fixture()
        #expect(try fixture.store.check() == [])
        let database = try Database(
            DatabaseSettings(
                path: fixture.directory.path("s") + "/store.db",
                owner: StoreSchema.applicationID
            )
        )
        for table in StoreTable.allCases {
            let count = try database.integer("SELECT count(*) FROM \(table.rawValue)") ?? 0
            #expect(count > 0, "\(table) has no row here")
            let found = try database.text(
                "SELECT group_concat(name, ' ') FROM pragma_table_info('\(table.rawValue)') WHERE name <> 'sum'"
            )
            #expect(found == table.columns.joined(separator: " "), "\(table)")
        }
        let tables = try database.text(
            "SELECT group_concat(name, ' ') FROM sqlite_master WHERE type = 'table'"
        )
        #expect(
            Set(tables?.split(separator: " ").map(String.init) ?? [])
                == Set(StoreTable.allCases.map(\.rawValue))
        )
    }

    @Test(arguments: StoreTable.allCases)
    func `a damaged row is named by a check, whichever column it is`(table: StoreTable) throws {
        for column in table.columns.dropFirst() {
            let fixture = try fixture()
            try fixture.tamper(
                """
                UPDATE \(table.rawValue) SET \(column) = CASE typeof(\(column))
                WHEN 'blob' THEN CAST(\(column) || x'07' AS BLOB)
                WHEN 'text' THEN \(column) || 'x' WHEN 'null' THEN x'00' ELSE 1 - \(column) END
                """
            )
            let problems = try fixture.store.check()
            let isNamed = problems.contains {
                $0.contains("a row of `\(table.rawValue)` is damaged")
            }
            #expect(isNamed, "\(table.rawValue).\(column): \(problems)")
        }
    }

    @Test(arguments: [
        (StoreTable.runChunks, "content"), (.runEvents, "content"), (.held, "content"),
        (.held, "until"),
        (.markChunks, "content"), (.reusableMarks, "content"), (.claims, "content"),
        (.kinds, "workflow"),
        (.texts, "content"), (.requestContents, "content"), (.requestFates, "status"),
        (.requestChunks, "prints"),
    ])
    func `what is damaged is not handed out`(table: StoreTable, column: String) throws {
        let fixture = try fixture()
        let store = fixture.store
        let change =
            switch column {
            case "until", "status": "\(column) + 1"
            case "workflow": "'other'"
            default: "CAST(\(column) || x'07' AS BLOB)"
            }
        try fixture.tamper("UPDATE \(table.rawValue) SET \(column) = \(change)")
        let error = #expect(throws: StoreError.self) {
            switch table {
            case .runChunks, .runEvents, .kinds: _ = try store.run(Make.run(1))
            case .held: try store.forEachHeld { _ in }
            case .markChunks, .reusableMarks: try store.forEachMark { _ in }
            case .claims: try store.forEachClaim { _ in }
            case .texts: _ = try store.text(Make.plan(1))
            default: _ = try store.requests(query(key: "gone"))
            }
        }
        #expect(error?.kind == .corrupt, "\(String(describing: error))")
        #expect(
            error?.description.contains("`\(table.rawValue)`") ?? false,
            "\(String(describing: error))"
        )
    }

    private func query(key: String) -> LedgerQuery {
        var query = LedgerQuery()
        query.key = Array(key.utf8)
        return query
    }

    @Test func `one byte of the file is enough`() throws {
        let fixture = try fixture()
        fixture.store.close()
        let path = fixture.directory.path("s") + "/store.db"
        // All is in the file, not in its write-ahead log.
        _ = try Database(DatabaseSettings(path: path, owner: StoreSchema.applicationID)).checkpoint(
            .truncate
        )
        var bytes = try Files.bytes(path)
        let text = Array(#"{"n":1}"#.utf8)
        let places = bytes.indices.filter { bytes[$0...].starts(with: text) }
        for place in places { bytes[place + 5] ^= 3 }
        try #require(!places.isEmpty)
        try Files.write(bytes, to: path)
        try fixture.reopen()
        let error = #expect(throws: StoreError.self) { try fixture.store.forEachHeld { _ in } }
        #expect(error?.kind == .corrupt)
        #expect(error?.description.contains("a row of `held` is damaged (") ?? false)
        #expect(
            try fixture.store.check().contains {
                $0.contains("`held`") && $0.hasSuffix("a held callback")
            }
        )
    }

    @Test func `a damaged chunk is not written over`() throws {
        let fixture = try fixture()
        try fixture.tamper("UPDATE run_chunks SET active = 1 - active")
        fixture.store.take(
            [
                NumberedRecord(
                    number: fixture.number + 1,
                    record: .finished(Make.run(1), .failed, Make.time)
                )
            ],
            through: fixture.number + 1
        )
        let error = #expect(throws: StoreError.self) { try fixture.store.flush() }
        #expect(error?.kind == .corrupt)
        #expect(fixture.store.failure?.contains("run_chunks") ?? false)
    }
}
