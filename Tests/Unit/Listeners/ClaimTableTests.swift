import Journal
import Primitives
import Synchronization
import Testing

@testable import Listeners

@Suite struct ClaimTableTests {
    private static func table(bytesMax: Int = 1 << 20) -> ClaimTable {
        ClaimTable(key: (1, 2), bytesMax: bytesMax)
    }

    private static let payload = Fingerprint(high: 7, low: 7)
    private static let other = Fingerprint(high: 8, low: 8)

    /// Keys of one shard: the bound is a shard's own.
    private static func key(_ number: Int) -> Fingerprint {
        Fingerprint(high: UInt64(number) << 32, low: 16)
    }

    private static func claim(
        _ key: Fingerprint,
        for window: Nanoseconds = .seconds(60),
        answer: [UInt8] = [1]
    ) -> Claim {
        Claim(key: key, payload: payload, until: .now().advanced(by: window), answer: answer)
    }

    private static func first(_ table: ClaimTable, _ key: Fingerprint) throws -> ClaimFlight {
        guard case .first(let flight) = table.take(key, payload: payload) else {
            throw Unexpected()
        }
        return flight
    }

    private struct Unexpected: Error {}

    @Test func `the first is under way, then repeated, and another payload is told`() throws {
        let table = Self.table()
        let flight = try Self.first(table, Self.key(1))
        guard case .underWay(let same) = table.take(Self.key(1), payload: Self.payload) else {
            throw Unexpected()
        }
        #expect(same === flight)
        guard case .reused = table.take(Self.key(1), payload: Self.other) else {
            throw Unexpected()
        }
        table.keep(Self.claim(Self.key(1), answer: [4, 2]), flight)
        guard case .repeated(let answer) = table.take(Self.key(1), payload: Self.payload) else {
            throw Unexpected()
        }
        #expect(answer == [4, 2])
        guard case .reused = table.take(Self.key(1), payload: Self.other) else {
            throw Unexpected()
        }
        #expect(table.count == 1)
    }

    @Test func `a released key is free again, and who waited is told`() throws {
        let table = Self.table()
        let flight = try Self.first(table, Self.key(1))
        let told = Atomic(0)
        flight.whenOver { outcome in
            if case .refused = outcome { told.wrappingAdd(1, ordering: .relaxed) }
        }
        #expect(told.load(ordering: .relaxed) == 0)
        table.release(Self.key(1), flight, .refused)
        flight.whenOver { _ in told.wrappingAdd(10, ordering: .relaxed) }
        #expect(told.load(ordering: .relaxed) == 11)
        _ = try Self.first(table, Self.key(1))
        #expect(table.count == 0)
    }

    @Test func `a claim past its time is free again, and swept away in steps`() throws {
        let table = Self.table()
        for number in 0..<100 {
            table.keep(Self.claim(Self.key(number)), try Self.first(table, Self.key(number)))
        }
        #expect(table.count == 100)
        let later = Instant.now().advanced(by: .seconds(61))
        guard case .first = table.take(Self.key(5), payload: Self.payload, now: later) else {
            throw Unexpected()
        }
        #expect(table.count == 99)
        let log = Log(level: .debug) { _ in }
        table.sweep(now: .now(), log)
        #expect(table.count == 99)
        table.sweep(now: later, log)
        #expect((1..<99).contains(table.count))
        for _ in 0..<4 { table.sweep(now: later, log) }
        #expect(table.count == 0)
        for number in 100..<200 {
            table.keep(Self.claim(Self.key(number)), try Self.first(table, Self.key(number)))
        }
        #expect(table.count == 100)
    }

    @Test func `beyond the bound the oldest go, and the log says so once`() throws {
        let table = Self.table(bytesMax: 16 * 10 * 113)
        for number in 0..<12 {
            table.keep(Self.claim(Self.key(number)), try Self.first(table, Self.key(number)))
        }
        #expect(table.count == 10)
        _ = try Self.first(table, Self.key(0))
        _ = try Self.first(table, Self.key(1))
        guard case .repeated = table.take(Self.key(2), payload: Self.payload) else {
            throw Unexpected()
        }
        let lines = Lock<[String]>([])
        let log = Log(level: .debug) { record in
            let text = record.message + " " + record.fields.map(\.value).joined()
            lines.withLock { $0.append(text) }
        }
        table.sweep(now: .now(), log)
        table.keep(Self.claim(Self.key(50)), try Self.first(table, Self.key(50)))
        table.sweep(now: .now(), log)
        #expect(
            lines.withLock { $0 } == [
                "Requests forgotten before their time: more than store.max_claims_size holds 2"
            ]
        )
    }

    @Test func `a large answer pushes others out and stays itself`() throws {
        let table = Self.table(bytesMax: 16 * 1000)
        for number in 0..<5 {
            table.keep(Self.claim(Self.key(number)), try Self.first(table, Self.key(number)))
        }
        let large = [UInt8](repeating: 1, count: 5000)
        table.keep(Self.claim(Self.key(9), answer: large), try Self.first(table, Self.key(9)))
        #expect(table.count == 1)
        guard case .repeated(let answer) = table.take(Self.key(9), payload: Self.payload) else {
            throw Unexpected()
        }
        #expect(answer == large)
    }

    @Test func `what a store has kept is known again, unless its time is over`() throws {
        let table = Self.table()
        table.restore(Self.claim(Self.key(1), answer: [9]))
        table.restore(
            Claim(
                key: Self.key(2),
                payload: Self.payload,
                until: WallTime(milliseconds: WallTime.now().milliseconds - 1),
                answer: []
            )
        )
        guard case .repeated(let answer) = table.take(Self.key(1), payload: Self.payload) else {
            throw Unexpected()
        }
        #expect(answer == [9])
        _ = try Self.first(table, Self.key(2))
        // A later record of the same key counts.
        table.restore(Self.claim(Self.key(1), answer: [10]))
        #expect(table.count == 1)
    }

    @Test func `things of different kinds and scopes never meet`() {
        let table = Self.table()
        let prints = [
            table.fingerprint(.header, Array("a".utf8), Array("bc".utf8).span),
            table.fingerprint(.header, Array("ab".utf8), Array("c".utf8).span),
            table.fingerprint(.value, Array("a".utf8), Array("bc".utf8).span),
            table.fingerprint(.bytes, Array("a".utf8), Array("bc".utf8).span),
            ClaimTable(key: (1, 3), bytesMax: 0)
                .fingerprint(.header, Array("a".utf8), Array("bc".utf8).span),
        ]
        #expect(Set(prints).count == prints.count)
    }
}
