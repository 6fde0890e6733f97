import Primitives
import Testing

@Suite struct InstantTests {
    @Test(
        arguments: [
            (100, 50, 150), (100, -30, 70), (10, -20, 0), (UInt64.max - 1, 5, .max),
            (0, Int64.min, 0),
        ] as [(UInt64, Int64, UInt64)]
    )
    func `moving a moment stays in range`(_ start: UInt64, _ by: Int64, _ end: UInt64) {
        let moved = Instant(nanoseconds: start).advanced(by: Nanoseconds(by))
        #expect(moved.nanoseconds == end)
    }

    @Test func `the length between two moments has a sign`() {
        let early = Instant(nanoseconds: 5)
        let late = Instant(nanoseconds: 12)
        #expect(late.since(early).count == 7)
        #expect(early.since(late).count == -7)
        #expect(Instant(nanoseconds: .max).since(Instant(nanoseconds: 0)).count == .max)
    }

    @Test func `durations saturate and round up to milliseconds`() {
        #expect(Nanoseconds.seconds(.max).count == .max)
        #expect(Nanoseconds.seconds(.min).count == .min)
        #expect(Nanoseconds.milliseconds(3).count == 3_000_000)
        #expect(Nanoseconds(1).millisecondsRoundedUp == 1)
        #expect(Nanoseconds(1_000_000).millisecondsRoundedUp == 1)
        #expect(Nanoseconds(-5).millisecondsRoundedUp == 0)
        #expect(Nanoseconds(1) < Nanoseconds(2))
    }

    @Test func `the clock does not go back`() {
        let first = Instant.now()
        #expect(Instant.now() >= first)
    }
}
