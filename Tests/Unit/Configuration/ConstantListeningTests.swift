import Testing

/// Constants of an endpoint that were meant as expressions: the suggestion is one that can be read.
@Suite struct ConstantListeningTests {
    private static let waits =
        "1:1 nothing in this configuration waits for the callbacks of this listener"

    @Test(arguments: [
        ("body.task_id", "${body.task_id}"), ("job_id", "${body.job_id}"), ("$.id", "${body.id}"),
        ("\"{{ body.id }}\"", "${body.id}"), ("query.id", "${query.id}"),
    ])
    func `a key that is a constant is told with what was meant`(
        _ text: String,
        _ expected: String
    ) {
        let found = Loading("listener: { path: /a, port: 8090, identify_by: \(text) }").findings
        #expect(found.contains { $0.contains("every callback has the same key") })
        #expect(found.filter { $0 != Self.waits }.allSatisfy { $0.hasSuffix("(\(expected))") })
    }

    @Test(arguments: [
        ("status: status, success_when: [ok], fail_when: [no]", "${body.status}"),
        ("result: result.data", "${body.result.data}"), ("result: body", "${body}"),
        ("bulk: true, item: data.rows", "${body.data.rows}"),
        ("bulk: true, item: rows", "${body.rows}"),
    ])
    func `other constants that read nothing are told`(_ keys: String, _ expected: String) {
        let found = Loading(
            "listener: { path: /a, port: 8090, identify_by: \"${body.id}\", \(keys) }"
        ).findings
        let told = found.filter { $0.contains("is a constant") }
        #expect(told.count == 1)
        #expect(told.allSatisfy { $0.hasSuffix("(\(expected))") }, "\(found)")
    }

    @Test func `a result that is a word may be meant`() {
        let found = Loading(
            "listener: { path: /a, port: 8090, identify_by: \"${body.id}\", result: done }"
        ).findings
        #expect(found == [Self.waits])
    }

    @Test func `what a wrong key leads to is not told beside it`() {
        let found = Loading(
            "listener: { path: /a, port: 8090, identify_by: \"${boddy.id}\" }"
        ).findings
        #expect(!found.contains { $0.contains("without `identify_by`") })
    }
}
