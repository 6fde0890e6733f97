internal import CPrimitives

/// A moment of the calendar, in milliseconds: used in the journal and for people, never for deadlines in the process.
@usableFromInline
package struct WallTime: Sendable, Hashable, Comparable {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    @usableFromInline package var milliseconds: Int64

    /// Makes a moment from milliseconds since 1970 (UTC).
    @inlinable
    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// The present moment, from CLOCK_REALTIME.
    package static func now() -> WallTime {
        WallTime(milliseconds: sluice_wall_ms())
    }

    /// This moment moved by `duration` (rounded up to whole milliseconds), held inside the representable range.
    package func advanced(by duration: Nanoseconds) -> WallTime {
        let (sum, overflow) = milliseconds.addingReportingOverflow(duration.millisecondsRoundedUp)
        return WallTime(milliseconds: overflow ? .max : sum)
    }

    /// The moment as RFC 3339 text in UTC with milliseconds: `2026-11-21T10:00:00.001Z`.
    package var rfc3339: String {
        let day = Int64(86_400_000)
        var days = milliseconds / day
        var rest = milliseconds % day
        if rest < 0 {
            rest += day
            days -= 1
        }
        let (year, month, dayOfMonth) = Self.civil(daysSince1970: days)
        let seconds = rest / 1000
        return pad(year, 4) + "-" + pad(month, 2) + "-" + pad(dayOfMonth, 2) + "T"
            + pad(seconds / 3600, 2) + ":" + pad(seconds / 60 % 60, 2) + ":" + pad(seconds % 60, 2)
            + "." + pad(rest % 1000, 3) + "Z"
    }

    @inlinable
    package static func < (left: WallTime, right: WallTime) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// The Gregorian date of a day number, by the era arithmetic of "chrono-compatible low-level date algorithms".
    private static func civil(daysSince1970: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = daysSince1970 + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}

private func pad(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return digits.count >= width
        ? digits : String(repeating: "0", count: width - digits.count) + digits
}
