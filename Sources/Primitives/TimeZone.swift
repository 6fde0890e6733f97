/// A time zone: how far its clocks were, are and will be from UTC.
///
/// All numbers are seconds; offsets count east of UTC.
package struct TimeZone: Sendable {
    /// A moment from which another offset counts.
    struct Change: Sendable {
        let from: Int64
        let offset: Int64
    }

    /// The changes that are on record, in order.
    let changes: [Change]
    /// What counts before the first of them.
    let first: Int64
    /// What counts after the last of them; nil where that goes on as it was.
    let rule: ZoneRule?

    /// Brings the parts together.
    init(changes: [Change], first: Int64, rule: ZoneRule?) {
        self.changes = changes
        self.first = first
        self.rule = rule
    }

    /// How far the clocks are from UTC at a moment (seconds since 1970).
    ///
    /// - Complexity: O(log n) for n changes on record.
    package func offset(at moment: Int64) -> Int64 {
        guard let start = changes.first, moment >= start.from else {
            return changes.isEmpty ? rule?.offset(at: moment) ?? first : first
        }
        var low = 0
        var high = changes.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if changes[middle].from <= moment { low = middle } else { high = middle }
        }
        if low == changes.count - 1, let rule { return rule.offset(at: moment) }
        return changes[low].offset
    }

    /// The moment at which the zone's clocks show a reading: its seconds since 1970 as if it were UTC.
    ///
    /// Where clocks are put back and show the reading twice, the first of the two; where they are put forward and skip
    /// it, the moment that the offset before the change gives, so that 02:30 of a skipped hour is 03:30.
    package func moment(showing reading: Int64) -> Int64 {
        let day = Int64(86_400)
        let before = offset(at: reading - day)
        let after = offset(at: reading + day)
        if offset(at: reading - before) == before { return reading - before }
        if offset(at: reading - after) == after { return reading - after }
        return reading - before
    }
}
