import Journal
import Rendezvous
import Testing
import Workflows

@Suite struct JournalRecordTests {
    @Test(arguments: Samples.records.indices)
    func `a record reads back as it was written`(index: Int) throws {
        let bytes = PreparedRecord(Samples.records[index]).bytes
        let read = try JournalRecord(bytes)
        #expect("\(read)" == "\(Samples.records[index])" || PreparedRecord(read).bytes == bytes)
        #expect(PreparedRecord(read).bytes == bytes)
    }

    @Test(arguments: Samples.records.indices)
    func `a record that is cut short is damaged, wherever it is cut`(index: Int) {
        let bytes = PreparedRecord(Samples.records[index]).bytes
        for count in bytes.indices {
            #expect(throws: RecordReader.Damage.self) { try JournalRecord(Array(bytes[..<count])) }
        }
        #expect(throws: RecordReader.Damage.self) { try JournalRecord(bytes + [0]) }
    }

    @Test func `bytes at random never stop the process`() {
        var random = SystemRandomNumberGenerator()
        for record in Samples.records {
            var bytes = PreparedRecord(record).bytes
            for _ in 0..<200 {
                bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255)
                do throws(RecordReader.Damage) {
                    _ = try JournalRecord(bytes)
                } catch {
                    #expect(!error.reason.isEmpty)
                }
            }
        }
    }

    @Test func `a callback's result that is the whole body is written once`() throws {
        let same = Samples.arrival(result: #"{"a":1}"#, request: Samples.request)
        let other = Samples.arrival(result: #"{"a":2}"#, request: Samples.request)
        let difference =
            PreparedRecord(.delivered(Samples.wait, other, Samples.stamp)).bytes.count
            - PreparedRecord(.delivered(Samples.wait, same, Samples.stamp)).bytes.count
        #expect(difference == Samples.request.body.count + 1)
        guard
            case .delivered(_, let read, _) = try JournalRecord(
                PreparedRecord(.delivered(Samples.wait, same, Samples.stamp)).bytes
            )
        else {
            Issue.record("it is another record")
            return
        }
        #expect(read.callback.resultBytes == Samples.request.body)
    }

    @Test func `a run event row reads back as it was written`() throws {
        for event in Samples.events {
            let bytes = RunEventRow(event, Samples.stamp).bytes
            let read = try #require(RunEventRow(bytes: bytes))
            #expect(read.bytes == bytes)
        }
        #expect(RunEventRow(bytes: [99]) == nil)
    }

    @Test(arguments: [0, 1, 127, 128, 16_383, 16_384, UInt64.max])
    func `a run event row has its number, and one of an earlier version has none`(
        number: UInt64
    ) throws {
        let bytes = RunEventRow(.retry, Samples.stamp).bytes
        #expect(try #require(RunEventRow(bytes: bytes)).number == 0)
        var out = RecordWriter()
        RunEventRow.write(bytes[...], number: number, to: &out)
        var reader = RecordReader(out.bytes)
        let row = try #require(RunEventRow(bytes: try reader.blob()))
        #expect(reader.isAtEnd)
        #expect(row.number == number)
        #expect(row.bytes == bytes)
    }
}
