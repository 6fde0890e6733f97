import Journal
import Primitives
import Store
import Testing
import Workflows

/// Which runs are listed.
@Suite struct RunListTests {
    private func filled() throws -> StoreFixture {
        let fixture = try StoreFixture()
        try fixture.take(
            .began(
                (1...4).map { Make.birth($0, workflow: $0 < 3 ? "a" : "b", session: "s\($0 % 2)") },
                []
            )
        )
        try fixture.take(
            .finished(Make.run(1), .failed, Make.time),
            .finished(Make.run(3), .completed, Make.time)
        )
        return fixture
    }

    private static let cases: [(String, [Int])] = [
        ("all", [4, 3, 2, 1]), ("workflow", [2, 1]), ("session", [3, 1]), ("failed", [1]),
        ("open", [4, 2]), ("open or failed", [4, 2, 1]), ("before", [2, 1]), ("page", [4, 3, 2]),
        ("later", []),
    ]

    @Test(arguments: cases)
    func `a query lists`(_ what: String, _ expected: [Int]) throws {
        let fixture = try filled()
        var query = RunQuery()
        switch what {
        case "workflow": query.workflowID = "a"
        case "session": query.sessionID = "s1"
        case "failed": query.statuses = [.failed]
        case "open": query.statuses = [.waiting]
        case "open or failed": query.statuses = [.running, .failed]
        case "before": query.before = Make.run(3)
        case "page": query.limit = 2
        case "later": query.since = Make.time.advanced(by: .seconds(1))
        default: query.since = Make.time
        }
        let lines = try fixture.store.runs(query)
        #expect(lines.map(\.id) == expected.map { Make.run($0) })
        #expect(lines.allSatisfy { $0.workflow == ($0.id < Make.run(3) ? "a" : "b") })
    }
}
