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
