import Primitives
import Testing

@Suite struct WallTimeTests {
    @Test(
        arguments: zip(
            [
                0, -1, 951_782_399_999, 951_782_400_000, 1_709_164_800_000, 1_740_787_199_999,
                4_107_542_399_999, 4_107_542_400_000, -62_167_219_200_000, -2_208_988_800_000,
                253_402_300_799_999, 1_795_254_001_001,
            ] as [Int64],
            [
                "1970-01-01T00:00:00.000Z", "1969-12-31T23:59:59.999Z",
                "2000-02-28T23:59:59.999Z", "2000-02-29T00:00:00.000Z",
                "2024-02-29T00:00:00.000Z", "2025-02-28T23:59:59.999Z",
                "2100-02-28T23:59:59.999Z", "2100-03-01T00:00:00.000Z",
                "0000-01-01T00:00:00.000Z", "1900-01-01T00:00:00.000Z",
                "9999-12-31T23:59:59.999Z", "2026-11-21T09:40:01.001Z",
            ]
        )
    )
    func `a moment is written as RFC 3339 in UTC`(_ milliseconds: Int64, _ text: String) {
        #expect(WallTime(milliseconds: milliseconds).rfc3339 == text)
    }

    @Test func `moving rounds up to milliseconds and stays in range`() {
        let time = WallTime(milliseconds: 10)
        #expect(time.advanced(by: Nanoseconds(1)).milliseconds == 11)
        #expect(time.advanced(by: .seconds(2)).milliseconds == 2010)
        #expect(WallTime(milliseconds: .max).advanced(by: .seconds(1)).milliseconds == .max)
    }

    @Test func `the present is after 2025 and moves on`() {
        let first = WallTime.now()
        #expect(first.milliseconds > 1_735_689_600_000)
        #expect(WallTime.now() >= first)
    }
}
