import Foundation
import Testing

/// The run machines, the waiter table, the run engine and the journal's book-keeping in one thread, through seeded random
/// schedules of callbacks, answers, deadlines, cancels, failing commits and crashes.
///
/// `SLUICE_SCHEDULES` says how many, `SLUICE_SEED` plays one alone and tells all of it.
@Suite struct SimulationTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let alone = environment["SLUICE_SEED"].flatMap(UInt64.init)
    private static let count = environment["SLUICE_SCHEDULES"].flatMap(UInt64.init) ?? 600
    /// Two shares, that go side by side.
    private static let shares: [UInt64] = [0, 1]

    @Test(.enabled(if: alone == nil), arguments: shares)
    func `no schedule loses or doubles anything`(share: UInt64) throws {
        var sum = World.Tally()
        var violations: [Violation] = []
        for seed in stride(from: share + 1, through: Self.count, by: 2) {
            do throws(Violation) {
                sum.add(try World.play(seed: seed))
            } catch {
                violations.append(error)
                if violations.count == 5 { break }
            }
        }
        #expect(violations.isEmpty, "\(violations.map(\.description).joined(separator: "\n"))")
        #expect(sum.crashes > 0 && sum.failures > 0 && sum.acknowledged > 0)
        if Self.count > 10_000 { print("share \(share): \(sum)") }
    }

    @Test(.enabled(if: alone != nil)) func `one schedule, told`() throws {
        _ = try World.play(seed: Self.alone ?? 1) { print($0) }
    }

    @Test(arguments: Sabotage.allCases.filter { $0 != .none })
    func `what is broken on purpose is found`(sabotage: Sabotage) {
        let found = (1...400).first { seed in
            do throws(Violation) {
                _ = try World.play(seed: UInt64(seed), sabotage: sabotage)
                return false
            } catch {
                return true
            }
        }
        #expect(found != nil, "400 schedules do not find it")
    }

    @Test func `the same seed makes the same schedule`() throws {
        let stories = (0..<2).map { _ in
            var story: [String] = []
            _ = try? World.play(seed: 7) { story.append($0) }
            return story
        }
        #expect(stories[0].count > 20)
        #expect(stories[0] == stories[1])
    }
}

extension World.Tally {
    /// Counts what happened in another schedule.
    mutating func add(_ other: World.Tally) {
        events += other.events
        callbacks += other.callbacks
        acknowledged += other.acknowledged
        crashes += other.crashes
        failures += other.failures
        checks += other.checks
    }
}
