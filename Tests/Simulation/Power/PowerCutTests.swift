import Foundation
import Testing

/// The server's own threads, its log over a disk in memory and its store over SQLite's files, whose power is cut at a random
/// call of either.
///
/// `SLUICE_CUTS` says how many times in all.
@Suite struct PowerCutTests {
    private static let cutCount =
        ProcessInfo.processInfo.environment["SLUICE_CUTS"].flatMap(Int.init) ?? 200
    /// Cuts of one machine before another one is taken.
    private static let cutsPerDisk = 10

    @Test func `a power cut loses nothing acknowledged and brings back nothing refused`() throws {
        var (acknowledged, behind, inStore, inVain, refused, unknown) = (0, 0, 0, 0, 0, 0)
        for seed in 1...max(1, Self.cutCount / Self.cutsPerDisk) {
            let trial = try PowerTrial(seed: UInt64(seed))
            try trial.run(cuts: Self.cutsPerDisk)
            acknowledged += trial.acknowledgedCount
            behind += trial.behindCount
            inStore += trial.cutInStoreCount
            inVain += trial.hurriedInVainCount
            refused += trial.refusedCount.known
            unknown += trial.refusedCount.unknown
            try #require(trial.findings.isEmpty, "machine \(seed): \(trial.findings)")
        }
        #expect(acknowledged > 0 && behind > 0 && inStore > 0 && refused > 0 && unknown > 0)
        if Self.cutCount > 1_000 {
            print(
                "\(Self.cutCount) cuts, \(inStore) while the store wrote, \(behind) left it behind the log, "
                    + "\(inVain) times it could not be written, \(acknowledged) acknowledged, "
                    + "\(refused) refused, \(unknown) of unknown outcome"
            )
        }
    }

    @Test(arguments: PowerTrial.Lie.allCases)
    func `without syncs the same trial finds losses`(_ lie: PowerTrial.Lie) throws {
        let found = (1...50).contains { seed in
            do {
                let trial = try PowerTrial(seed: UInt64(seed), lie: lie)
                try trial.run(cuts: Self.cutsPerDisk)
                return !trial.findings.isEmpty
            } catch {
                // A log whose start was lost, or a store that is damaged, cannot be opened: that is found, too.
                return true
            }
        }
        #expect(found)
    }
}
