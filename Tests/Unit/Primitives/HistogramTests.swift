import Primitives
import Testing

@Suite struct HistogramTests {
    @Test(arguments: [0, 1, 31, 32, 33, 1_000, 123_456_789, 1 << 40, .max - 1, .max] as [UInt64])
    func `a value is found again to about three in a hundred`(_ value: UInt64) {
        let histogram = Histogram()
        histogram.record(value)
        let found = histogram.snapshot().quantile(0.5)
        #expect(found >= value)
        #expect(Double(found - value) <= Double(value) / 31)
    }

    @Test func `quantiles of a known row come out`() {
        let histogram = Histogram()
        for value in 1...10_000 as ClosedRange<UInt64> { histogram.record(value) }
        let snapshot = histogram.snapshot()
        for (share, expected) in [(0.0, 1.0), (0.5, 5_000), (0.99, 9_900), (1.0, 10_000)] {
            let found = Double(snapshot.quantile(share))
            #expect(found >= expected && found <= expected * 1.033)
        }
        #expect(snapshot.buckets.map(\.count).reduce(0, +) == 10_000)
        #expect(snapshot.buckets.map(\.upperBound) == snapshot.buckets.map(\.upperBound).sorted())
    }

    @Test func `an empty one has no values`() {
        #expect(Histogram().snapshot().count == 0)
        #expect(Histogram().snapshot().quantile(0.9) == 0)
    }
}
