/// How often values of each size occurred, to about 3 %, for the whole range of 64 bits.
///
/// Log-linear: each power of two is cut into 32 equal buckets; values below 32 have one each.
///
/// - Complexity: recording takes a few nanoseconds; reading is O(buckets) and may miss what is recorded meanwhile.
package final class Histogram: Sendable {
    private static let linearBits = 5
    private static let bucketCount = (64 - linearBits + 1) << linearBits
    /// The buckets, and behind them the sum of the values.
    private let cells = AtomicCells(rows: 4, columns: bucketCount + 1)

    /// Makes an empty histogram.
    package init() {}

    /// Records one value.
    package func record(_ value: UInt64) {
        cells.add(1, to: Self.bucket(of: value))
        cells.add(value, to: Self.bucketCount)
    }

    /// What was recorded up to now.
    package func snapshot() -> Snapshot {
        Snapshot(
            counts: (0..<Self.bucketCount).map { cells.sum($0) },
            sum: cells.sum(Self.bucketCount)
        )
    }

    /// The bucket a value falls into.
    static func bucket(of value: UInt64) -> Int {
        guard value >> UInt64(linearBits) != 0 else { return Int(value) }
        let exponent = 63 - value.leadingZeroBitCount - linearBits
        let place = Int(truncatingIfNeeded: value >> UInt64(exponent)) & (1 << linearBits - 1)
        return (exponent + 1) << linearBits | place
    }

    /// The largest value that falls into a bucket.
    static func upperBound(of bucket: Int) -> UInt64 {
        guard bucket >> linearBits > 0 else { return UInt64(max(0, bucket)) }
        let exponent = UInt64(bucket >> linearBits - 1)
        let start = UInt64(bucket & (1 << linearBits - 1) | 1 << linearBits) << exponent
        return start | (1 << exponent - 1)
    }
}

extension Histogram {
    /// A histogram as it stood at one moment.
    package struct Snapshot: Sendable {
        /// How many values fell into each bucket.
        let counts: [UInt64]
        /// The sum of all values, modulo 2^64.
        package let sum: UInt64

        /// How many values there are.
        package var count: UInt64 { counts.reduce(0, &+) }

        /// A value that `share` of the values do not exceed, at most 3.2 % too large; 0 when there are none.
        ///
        /// - Parameter share: From 0 (the least value) to 1 (the greatest); held to that range.
        /// - Returns: The upper end of the bucket in which that value lies.
        package func quantile(_ share: Double) -> UInt64 {
            let total = count
            let wanted = max(1, UInt64((min(max(share, 0), 1) * Double(total)).rounded(.up)))
            var seen: UInt64 = 0
            for (bucket, count) in counts.enumerated() {
                seen &+= count
                if seen >= wanted { return Histogram.upperBound(of: bucket) }
            }
            return 0
        }

        /// The number of values in each bucket that has any, with the largest value it can hold.
        package var buckets: [(upperBound: UInt64, count: UInt64)] {
            counts.enumerated().compactMap { bucket, count in
                count == 0 ? nil : (Histogram.upperBound(of: bucket), count)
            }
        }
    }
}
