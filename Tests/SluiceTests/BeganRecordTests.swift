import Primitives
import Testing

@testable import Sluice

@Suite struct BeganRecordTests {
    @Test(arguments: 0...3) func `claims come back as they were written`(_ count: Int) throws {
        let claims = (0..<count).map { number in
            Claim(
                key: Fingerprint(high: UInt64(number), low: 2),
                payload: Fingerprint(high: 3, low: 4),
                until: WallTime(milliseconds: 1_760_000_000_000),
                answer: Array(#"{"task_id":"\#(number)"}"#.utf8)
            )
        }
        var bytes: [UInt8] = []
        JournalRecord.began([], claims).write(to: &bytes)
        guard case .began(let births, let read) = try JournalRecord(bytes) else {
            Issue.record("it is another record")
            return
        }
        #expect(births.isEmpty)
        #expect(read == claims)
    }
}
