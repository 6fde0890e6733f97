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
        let bench = try Bench(LedgerBlocks.block(directory), journal: journal)
        defer { bench.stop() }
        let key = [("Idempotency-Key", #""order-17""#)]
        let start = #"{"workflow_id":"wait","input":{"key":"a"},"wait_for_completion":false}"#
        let replies = [
            try bench.post("/done", #"{"id":"a","status":"done"}"#),
            try bench.post("/many", #"[{"id":"b"},{"id":"c"}]"#),
            try bench.post("/go", #"{"key":"d"}"#, on: 8091),
            try bench.post("/go", #"{"key":"d"}"#, on: 8091, headers: key),
            try bench.post("/go", #"{"key":"d"}"#, on: 8091, headers: [("Prefer", "wait=1")]),
            try bench.post("/workflows/runs", start, on: 8088),
            try bench.post("/workflows/runs", start, on: 8088, headers: key),
        ]
        for (index, reply) in replies.enumerated() {
            #expect(reply.status == 503, "\(index): \(reply.text)")
            #expect(reply.headers["retry-after"] == "5", "\(index)")
            #expect(try JSONValue.parse(reply.body)["code"] == .string(code), "\(index)")
        }
    }
}
