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
        let date = GregorianDate(daysSince1970: days)
        let seconds = rest / 1000
        return pad(date.year, 4) + "-" + pad(date.month, 2) + "-" + pad(date.day, 2) + "T"
            + pad(seconds / 3600, 2) + ":" + pad(seconds / 60 % 60, 2) + ":" + pad(seconds % 60, 2)
            + "." + pad(rest % 1000, 3) + "Z"
    }

    @inlinable
    package static func < (left: WallTime, right: WallTime) -> Bool {
        left.milliseconds < right.milliseconds
    }
}

private func pad(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return digits.count >= width
        ? digits : String(repeating: "0", count: width - digits.count) + digits
}

/// A day of the Gregorian calendar, by the era arithmetic of "chrono-compatible low-level date algorithms".
package struct GregorianDate: Sendable, Hashable {
    /// The year; 0 is 1 BC.
    package let year: Int64
    /// The month, from 1.
    package let month: Int64
    /// The day of the month, from 1.
    package let day: Int64

    /// Makes a date; nil where there is no such day.
    package init?(year: Int64, month: Int64, day: Int64) {
        guard (-1_000_000...1_000_000).contains(year), (1...12).contains(month), day >= 1,
            day <= Self.daysIn(month, of: year)
        else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// The date of a day number; day 0 is 1970-01-01.
    package init(daysSince1970: Int64) {
        let shifted = daysSince1970 + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    }

    /// The days from 1970-01-01 to this one.
    package var daysSince1970: Int64 { Self.days(year, month, day) }

    /// The day number of the first day of a month.
    static func days(year: Int64, month: Int64) -> Int64 { days(year, month, 1) }

    /// How many days a month has.
    static func daysIn(_ month: Int64, of year: Int64) -> Int64 {
        month == 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
    }

    /// Whether a year has a 29th of February.
    static func isLeap(_ year: Int64) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
            - 719_468
    }
}
