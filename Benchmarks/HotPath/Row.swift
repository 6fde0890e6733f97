import JSONWire

/// One line of the table: what one callback (one item, in bulk) costs.
struct Row {
    /// What was measured.
    let stage: String
    /// The bytes of a body.
    let bytes: Int
    /// How many waiters the table held; 0 where there is none.
    var waiters = 0
    /// How many threads worked at once.
    var threads = 1
    /// How many callbacks a round had.
    let count: Int
    /// Nanoseconds for one: the least, the median and the most of the rounds.
    let nanoseconds: (min: Double, median: Double, max: Double)
    /// Allocations for one, over all rounds.
    let allocations: Double
    /// A number that depends on everything that was computed, so that nothing is left out.
    let hash: UInt64

    /// The line above the rows.
    static let heading =
        left("stage", 38) + right("bytes", 9) + right("waiters", 9) + right("threads", 8)
        + right("n", 8) + right("ns min", 9) + right("median", 9) + right("max", 9)
        + right("allocs", 8) + "  hash"

    /// The row as text.
    var line: String {
        let times = [nanoseconds.min, nanoseconds.median, nanoseconds.max]
        return Self.left(stage, 38) + Self.right(String(bytes), 9)
            + Self.right(String(waiters), 9) + Self.right(String(threads), 8)
            + Self.right(String(count), 8)
            + times.map { Self.right(String(Int($0.rounded())), 9) }.joined()
            + Self.right(Self.hundredths(allocations), 8) + "  " + String(hash, radix: 16)
    }

    /// The row for a program.
    var json: JSONValue {
        .object([
            "stage": .string(stage), "bytes": .integer(Int64(bytes)),
            "waiters": .integer(Int64(waiters)), "threads": .integer(Int64(threads)),
            "count": .integer(Int64(count)),
            "nanoseconds": .object([
                "min": .integer(Int64(nanoseconds.min.rounded())),
                "median": .integer(Int64(nanoseconds.median.rounded())),
                "max": .integer(Int64(nanoseconds.max.rounded())),
            ]),
            // In hundredths, because a number with a fraction is text here.
            "allocations_hundredths": .integer(Int64((allocations * 100).rounded())),
        ])
    }

    private static func hundredths(_ value: Double) -> String {
        let scaled = Int((value * 100).rounded())
        let rest = scaled % 100
        return "\(scaled / 100).\(rest < 10 ? "0" : "")\(rest)"
    }

    private static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(1, width - text.count)) + text
    }

    private static func left(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }
}
