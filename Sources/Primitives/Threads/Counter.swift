/// A number that many threads count up without getting into each other's way.
///
/// - Complexity: adding takes a few nanoseconds; reading sums 16 rows and may miss what is added meanwhile.
package final class Counter: Sendable {
    private let cells = AtomicCells(rows: 16, columns: 1)

    /// Makes a counter at zero.
    package init() {}

    /// Counts up.
    package func add(_ amount: UInt64 = 1) {
        cells.add(amount, to: 0)
    }

    /// How much was counted.
    package var value: UInt64 { cells.sum(0) }
}
