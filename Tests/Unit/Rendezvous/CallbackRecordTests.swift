import Primitives
import Rendezvous
import Testing

@Suite struct CallbackRecordTests {
    @Test func `a record gives back what was put in`() {
        let key = WaitKey(channel: Channel(number: 4), bytes: [1, 2, 3])
        let id = UUIDv7(high: 5, low: 6)
        let record = CallbackRecord(
            key: key,
            status: "failed",
            result: [9, 8],
            hasFailed: true,
            requestID: id
        )
        #expect(record.key == key)
        #expect(record.statusText == "failed")
        #expect(record.resultBytes == [9, 8])
        #expect(record.withResult { $0.count } == 2)
        #expect(record.hasFailed && record.requestID == id)
        #expect(record.byteCount == 11)
    }

    @Test func `no status is not an empty one`() {
        let bytes: [UInt8] = [7]
        let none = CallbackRecord(
            channel: .standard,
            key: bytes.span,
            status: nil,
            result: Span(),
            hasFailed: false,
            requestID: UUIDv7(high: 0, low: 0)
        )
        let empty = CallbackRecord(
            channel: .standard,
            key: bytes.span,
            status: Span(),
            result: Span(),
            hasFailed: false,
            requestID: UUIDv7(high: 0, low: 0)
        )
        #expect(none.statusText == nil)
        #expect(empty.statusText == "")
        #expect(none.resultBytes.isEmpty)
    }

    /// Every length and form of key comes back from where it is stored.
    @Test(arguments: [0, 1, 0xFFFF_FFFF] as [UInt32])
    func `keys of every length come back as they were`(_ channel: UInt32) {
        let table = WaiterTableFixture().table
        var keys: [WaitKey] = Keys.all.map {
            WaitKey(channel: Channel(number: channel), bytes: $0.bytes)
        }
        for length in 1...120 {
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ length) }
            keys.append(WaitKey(channel: Channel(number: channel), bytes: bytes))
        }
        let distinct = Set(keys)
        for (index, key) in distinct.enumerated() {
            let id = WaitID(run: UUIDv7(high: 0, low: UInt64(index)), step: 0, attempt: 0)
            _ = table.register(
                id,
                keys: [key],
                deadline: Instant(nanoseconds: .max),
                now: Instant(nanoseconds: 0)
            )
        }
        var seen: Set<WaitKey> = []
        table.forEachOpenWait { seen.formUnion($0.keys) }
        #expect(seen == distinct)
        #expect(distinct.allSatisfy { table.explain($0).waits.count == 1 })
    }
}
