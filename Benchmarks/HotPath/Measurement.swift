import CMeasure
import Primitives

/// Runs a stage in rounds and measures it.
enum Measurement {
    /// Rounds that are measured; one more goes before them and is not counted.
    static let rounds = 5

    /// Measures one stage.
    ///
    /// - Parameters:
    ///   - stage: What it is.
    ///   - bytes: How large a body is.
    ///   - waiters: How many waiters the table holds; 0 where there is none.
    ///   - count: How often `body` is called in a round.
    ///   - each: How many callbacks one call takes.
    ///   - prepare: Makes what a round uses up; not measured.
    ///   - body: The stage, given its turn; gives a number that depends on what it did.
    /// - Returns: The row.
    static func row(
        _ stage: String,
        bytes: Int,
        waiters: Int = 0,
        count: Int,
        each: Int = 1,
        prepare: () -> Void = {},
        body: (Int) -> UInt64
    ) -> Row {
        var times: [Double] = []
        var allocated: UInt64 = 0
        var hash: UInt64 = 0
        let callbacks = max(1, count * each)
        for round in 0...rounds {
            prepare()
            let before = sluice_allocation_count()
            let start = Instant.now()
            hash = hash &* 31 &+ countedTurns(count, body)
            let elapsed = Instant.now().since(start)
            guard round > 0 else { continue }
            allocated += sluice_allocation_count() - before
            times.append(Double(elapsed.count) / Double(callbacks))
        }
        times.sort()
        return Row(
            stage: stage,
            bytes: bytes,
            waiters: waiters,
            count: callbacks,
            nanoseconds: (times[0], times[times.count / 2], times[times.count - 1]),
            allocations: Double(allocated) / Double(rounds * callbacks),
            hash: hash
        )
    }

    /// The turns of one round; what callgrind counts, by this function's name.
    @inline(never)
    static func countedTurns(_ count: Int, _ body: (Int) -> UInt64) -> UInt64 {
        var hash: UInt64 = 0
        for turn in 0..<count { hash = hash &* 31 &+ body(turn) }
        return hash
    }
}
