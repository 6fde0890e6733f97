/// A date in the form of HTTP: `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7).
enum HTTPDate {
    private static let dayNames = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let monthNames = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Writes a moment, which is held at 1970 from below.
    static func append(secondsSince1970: Int64, to out: inout [UInt8]) {
        let seconds = max(0, secondsSince1970)
        let days = seconds / 86_400
        let rest = seconds % 86_400
        let date = civil(days)
        out.append(contentsOf: dayNames[Int(days % 7)].utf8)
        out.append(fixed: ", ")
        out.append(twoDigits: date.day)
        out.append(fixed: " ")
        out.append(contentsOf: monthNames[Int(date.month - 1) % 12].utf8)
        out.append(fixed: " ")
        out.append(decimal: Int(date.year))
        out.append(fixed: " ")
        out.append(twoDigits: rest / 3600)
        out.append(fixed: ":")
        out.append(twoDigits: rest / 60 % 60)
        out.append(fixed: ":")
        out.append(twoDigits: rest % 60)
        out.append(fixed: " GMT")
    }

    /// The Gregorian date of a day number since 1970, by the era arithmetic of "chrono-compatible low-level date
    /// algorithms".
    private static func civil(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}
