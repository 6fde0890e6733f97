import Foundation
import Testing

/// The server's own threads over a disk in memory, whose power is cut at a random call.
///
/// `SLUICE_CUTS` says how many times in all.
@Suite struct PowerCutTests {
    private static let cutCount =
        ProcessInfo.processInfo.environment["SLUICE_CUTS"].flatMap(Int.init) ?? 200
    /// Cuts of one disk before another one is taken.
    private static let cutsPerDisk = 10

    @Test func `a power cut loses nothing that was acknowledged`() throws {
        var acknowledged = 0
        for seed in 1...max(1, Self.cutCount / Self.cutsPerDisk) {
            let trial = PowerTrial(seed: UInt64(seed), ignoringSyncs: false)
            try trial.run(cuts: Self.cutsPerDisk)
            acknowledged += trial.acknowledgedCount
            try #require(trial.findings.isEmpty, "disk \(seed): \(trial.findings)")
        }
        #expect(acknowledged > 0)
        if Self.cutCount > 1_000 { print("\(Self.cutCount) cuts, \(acknowledged) acknowledged") }
    }

    @Test func `without syncs the same trial finds losses`() throws {
        let found = (1...50).contains { seed in
            let trial = PowerTrial(seed: UInt64(seed), ignoringSyncs: true)
            do {
                try trial.run(cuts: Self.cutsPerDisk)
            } catch {
                // A log whose start was lost cannot be opened: that is found, too.
                return true
            }
            return !trial.findings.isEmpty
        }
        #expect(found)
    }
}
