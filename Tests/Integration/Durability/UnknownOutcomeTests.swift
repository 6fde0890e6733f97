import JSONWire
import TestKit
import Testing

/// What senders are told of requests that the disk failed at.
@Suite struct UnknownOutcomeTests {
    @Test(arguments: [(false, "journal_unavailable"), (true, "outcome_unknown")])
    func `a refusal says whether it is final`(_ isUnknown: Bool, _ code: String) throws {
        let directory = try TemporaryDirectory()
        let journal = LosingJournal()
        journal.setUnknown(isUnknown)
        let fixture = try ServerFixture(LedgerBlocks.block(directory), journal: journal)
        defer { fixture.stop() }
        let key = [("Idempotency-Key", #""order-17""#)]
        let start = #"{"workflow_id":"wait","input":{"key":"a"},"wait_for_completion":false}"#
        let replies = [
            try fixture.post("/done", #"{"id":"a","status":"done"}"#),
            try fixture.post("/many", #"[{"id":"b"},{"id":"c"}]"#),
            try fixture.post("/go", #"{"key":"d"}"#, on: 8091),
            try fixture.post("/go", #"{"key":"d"}"#, on: 8091, headers: key),
            try fixture.post("/go", #"{"key":"d"}"#, on: 8091, headers: [("Prefer", "wait=1")]),
            try fixture.post("/workflows/runs", start, on: 8088),
            try fixture.post("/workflows/runs", start, on: 8088, headers: key),
        ]
        for (index, reply) in replies.enumerated() {
            #expect(reply.status == 503, "\(index): \(reply.text)")
            #expect(reply.headers["retry-after"] == "5", "\(index)")
            #expect(try JSONValue.parse(reply.body)["code"] == .string(code), "\(index)")
        }
    }
}
