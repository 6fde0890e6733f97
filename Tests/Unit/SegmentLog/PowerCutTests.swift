import SegmentLog
import Testing

@Suite struct PowerCutTests {
    @Test(arguments: 0..<20 as Range<UInt64>)
    func `500 power cuts lose nothing acknowledged and bring back nothing refused`(
        _ seed: UInt64
    ) throws {
        var (records, reopenings, unknown) = (UInt64(0), 0, 0)
        for part in 0..<10 as Range<UInt64> {
            var trial = PowerCutTrial(seed: seed * 1000 + part)
            try trial.run(cuts: 50)
            records += trial.records
            reopenings += trial.reopenings
            unknown += trial.unknown
        }
        #expect(reopenings > 20)
        #expect(records > 500)
        #expect(unknown > 0)
    }

    @Test func `without the sync the same test finds losses`() {
        var violations = 0
        for seed in 0..<40 as Range<UInt64> {
            var trial = PowerCutTrial(seed: seed, ignoresSync: true)
            do { try trial.run(cuts: 20) } catch { violations += 1 }
        }
        #expect(violations > 10)
    }

    @Test(arguments: 0..<4 as Range<UInt64>)
    func `relaxed keeps everything that it said was synced`(_ seed: UInt64) throws {
        for part in 0..<5 as Range<UInt64> {
            var trial = PowerCutTrial(seed: 50_000 + seed * 100 + part, durability: .relaxed)
            try trial.run(cuts: 50)
        }
    }
}
