import HTTPEngine
import Listeners
import Primitives
import Synchronization
import Testing
import Workflows

/// How often requests of somebody are taken.
@Suite struct RateTests {
    private static func rule(
        _ requests: Int,
        per period: Nanoseconds = .seconds(1),
        burst: Int,
        _ scope: RateRule.Scope = .client
    ) -> RateRule {
        RateRule(
            limit: RateLimit(requests: requests, period: period, burst: burst, interval: nil),
            scope: scope
        )
    }

    private func moment(_ milliseconds: UInt64) -> Instant {
        Instant(nanoseconds: 1_000_000_000_000 + milliseconds * 1_000_000)
    }

    @Test func `a burst passes at once, then one for each share of the period`() {
        let rule = Self.rule(10, burst: 3)
        let table = RateTable()
        func take(at milliseconds: UInt64) -> Int64? {
            table.take([1].span, rule: 0, rule, at: moment(milliseconds)).map {
                $0.count / 1_000_000
            }
        }
        #expect((0..<3).map { _ in take(at: 0) } == [nil, nil, nil])
        #expect(take(at: 0) == 100, "and how long it takes until one passes")
        #expect(take(at: 40) == 60, "what was refused takes nothing")
        #expect(take(at: 100) == nil)
        #expect(take(at: 100) == 100)
        #expect((0..<4).map { _ in take(at: 10_000) == nil } == [true, true, true, false])
    }

    @Test func `a rate that is met is never refused, and no more passes than it says`() {
        let rule = Self.rule(1000, burst: 50)
        let table = RateTable()
        let even = (0..<5000).allSatisfy {
            table.take([1].span, rule: 0, rule, at: moment(UInt64($0))) == nil
        }
        #expect(even)
        var passed = 0
        for microseconds in stride(from: 0, to: 1_000_000, by: 100) {
            let now = moment(100_000).advanced(by: Nanoseconds(Int64(microseconds) * 1000))
            if table.take([2].span, rule: 0, rule, at: now) == nil { passed += 1 }
        }
        #expect((1049...1050).contains(passed))
    }

    @Test func `rules and names are counted apart`() {
        let rule = Self.rule(1, burst: 1)
        let table = RateTable()
        let now = moment(0)
        for (name, number) in [([1], 0), ([2], 0), ([1], 1), ([1, 0], 0)] as [([UInt8], UInt32)] {
            #expect(table.take(name.span, rule: number, rule, at: now) == nil)
            #expect(table.take(name.span, rule: number, rule, at: now) != nil)
        }
    }

    @Test func `rates of every size are kept without overflow`() {
        let hour = Self.rule(1, per: .seconds(3600 * 24 * 365), burst: 1_000_000_000)
        let table = RateTable()
        // A burst that would last longer than a century is cut to one.
        for _ in 0..<100 { #expect(table.take([1].span, rule: 0, hour, at: moment(0)) == nil) }
        #expect((0..<2).contains { _ in table.take([1].span, rule: 0, hour, at: moment(0)) != nil })
        let fast = Self.rule(1_000_000_000, burst: 1)
        #expect(table.take([2].span, rule: 0, fast, at: moment(0)) == nil)
    }

    @Test func `a table keeps so many clients, and the one not seen for longest goes`() {
        let told = Lock<[Int]>([])
        let table = RateTable(countMax: 1600) { count in told.withLock { $0.append(count) } }
        let rule = Self.rule(1, per: .seconds(3600), burst: 1)
        func name(_ index: Int) -> [UInt8] {
            (0..<4).map { UInt8(truncatingIfNeeded: index >> (8 * $0)) }
        }
        for index in 0..<20_000 {
            #expect(table.take(name(index).span, rule: 0, rule, at: moment(0)) == nil)
            // The first one comes again and again, so that it is never the oldest.
            if index > 0 { #expect(table.take(name(0).span, rule: 0, rule, at: moment(0)) != nil) }
        }
        #expect(table.count <= 1600)
        #expect(table.forgottenCount == 20_000 - table.count)
        #expect(told.withLock { $0.prefix(3) } == [1, 2, 4])
        #expect(table.take(name(1).span, rule: 0, rule, at: moment(0)) == nil, "it was forgotten")
        #expect(table.take(name(19_999).span, rule: 0, rule, at: moment(0)) != nil)
        let before = table.forgottenCount
        for index in 30_000..<31_000 {
            _ = table.take(name(index).span, rule: 0, rule, at: moment(7_200_000))
        }
        #expect(table.forgottenCount == before, "one whose time is over loses nothing")
    }

    @Test(arguments: [
        ("192.0.2.7", "192.0.2.8", false), ("192.0.2.7", "192.0.2.7", true),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", false),
        ("::ffff:192.0.2.7", "192.0.2.7", true), ("unknown", "unknown", true),
    ])
    func `a client is an address, and of version 6 its network`(
        _ one: String,
        _ other: String,
        _ isSame: Bool
    ) {
        #expect((RateGate.name(ofClient: one) == RateGate.name(ofClient: other)) == isSame)
    }

    /// How many passed, over threads.
    private final class Passed: Sendable {
        let count = Atomic<Int>(0)
    }

    @Test func `many threads take no more than the rate between them`() async {
        let rule = Self.rule(1, per: .seconds(3600), burst: 100)
        let table = RateTable()
        let passed = Passed()
        let now = Instant(nanoseconds: 1 << 50)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<1000 {
                        guard table.take([7].span, rule: 0, rule, at: now) == nil else { continue }
                        passed.count.wrappingAdd(1, ordering: .relaxed)
                    }
                }
            }
        }
        #expect(passed.count.load(ordering: .relaxed) == 100)
    }
}
