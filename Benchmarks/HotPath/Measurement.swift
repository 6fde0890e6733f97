import CMeasure
import Primitives

/// One row of the table: what a stage of the hot path costs.
struct Measurement {
    /// The stage.
    let name: String
    /// How often it was run in each round.
    let count: Int
    /// Nanoseconds for one run: the least, the median and the most of the rounds.
    let nanoseconds: (min: Double, median: Double, max: Double)
    /// Allocations for one run, over all rounds.
    let allocations: Double
    /// A number that depends on everything that was computed, so that nothing is left out.
    let hash: UInt64

    /// Rounds that are measured; one more goes before them and is not counted.
    static let rounds = 5

    /// Runs `body` in rounds and measures it.
    ///
    /// - Parameters:
    ///   - name: The stage.
    ///   - count: How often `body` is called in a round.
    ///   - prepare: Makes what a round uses up; not measured. It is given the round's number.
    ///   - body: The stage; gives a number that depends on what it did.
    init(
        _ name: String,
        count: Int,
        prepare: (Int) -> Void = { _ in },
        body: (Int) -> UInt64
    ) {
        var times: [Double] = []
        var allocated: UInt64 = 0
        var hash: UInt64 = 0
        for round in 0...Self.rounds {
            prepare(round)
            let before = sluice_allocation_count()
            let start = Instant.now()
            for index in 0..<count { hash = hash &* 31 &+ body(index) }
            let elapsed = Instant.now().since(start)
            guard round > 0 else { continue }
            allocated += sluice_allocation_count() - before
            times.append(Double(elapsed.count) / Double(max(1, count)))
        }
        times.sort()
        self.name = name
        self.count = count
        nanoseconds = (times[0], times[times.count / 2], times[times.count - 1])
        allocations = Double(allocated) / Double(Self.rounds * max(1, count))
        self.hash = hash
    }

    /// The row as text.
    var line: String {
        let times = [nanoseconds.min, nanoseconds.median, nanoseconds.max]
            .map { Self.padded(Self.rounded($0, 0), 9) }.joined()
        return Self.left(name, 34) + Self.padded(String(count), 9) + times
            + Self.padded(Self.rounded(allocations, 2), 10) + "  " + String(hash, radix: 16)
    }

    /// The line above the rows.
    static let heading =
        left("stage", 34) + padded("n", 9) + padded("ns min", 9) + padded("median", 9)
        + padded("max", 9) + padded("allocs", 10) + "  hash"

    private static func rounded(_ value: Double, _ digits: Int) -> String {
        guard digits > 0 else { return String(Int(value.rounded())) }
        let scaled = Int((value * 100).rounded())
        let rest = scaled % 100
        return "\(scaled / 100).\(rest < 10 ? "0" : "")\(rest)"
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(1, width - text.count)) + text
    }

    private static func left(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }
}
