package import Primitives

/// Reads moments as RFC 3339 writes them, also without seconds or offset.
package enum CalendarText {
    /// The moment a text names: `2026-11-21T10:00:00+09:00`, `2026-11-21 10:00`, `2026-11-21`.
    ///
    /// A text without an offset is read with the given one. Nil where the text is no moment.
    package static func moment(_ text: String, offsetMinutes: Int) -> WallTime? {
        var left = text.utf8[...]
        guard let year = digits(4, &left), eat("-", &left), let month = digits(2, &left),
            eat("-", &left), let day = digits(2, &left), (1...12).contains(month),
            day >= 1, day <= daysIn(month, of: year)
        else { return nil }
        var seconds: Int64 = 0
        var milliseconds: Int64 = 0
        var offset = offsetMinutes
        if eat("T", &left) || eat("t", &left) || eat(" ", &left) {
            guard let clock = clock(&left) else { return nil }
            (seconds, milliseconds) = clock
            if !left.isEmpty {
                guard let written = self.offset(&left) else { return nil }
                offset = written
            }
        }
        guard left.isEmpty else { return nil }
        let day0 = days(year, month, day)
        let whole = day0 * 86_400 + seconds - Int64(offset) * 60
        return WallTime(milliseconds: whole * 1000 + milliseconds)
    }

    /// The minutes east of UTC that a zone names: `UTC`, `Z`, `+09:00`; nil for names of places.
    static func zone(_ text: String) -> Int? {
        if ["UTC", "GMT", "ETC/UTC", ""].contains(text.uppercased()) { return 0 }
        var left = text.utf8[...]
        guard let minutes = offset(&left), left.isEmpty else { return nil }
        return minutes
    }

    private static func clock(_ left: inout Substring.UTF8View) -> (Int64, Int64)? {
        guard let hour = digits(2, &left), eat(":", &left), let minute = digits(2, &left),
            hour < 24, minute < 60
        else { return nil }
        var second: Int64 = 0
        var milliseconds: Int64 = 0
        if eat(":", &left) {
            guard let value = digits(2, &left), value <= 60 else { return nil }
            second = value
            if eat(".", &left) {
                let fraction = left.prefix { (48...57).contains($0) }
                left = left.dropFirst(fraction.count)
                let padded =
                    String(decoding: fraction.prefix(3), as: UTF8.self)
                    + String(repeating: "0", count: max(0, 3 - fraction.count))
                guard !fraction.isEmpty, let value = Int64(padded) else { return nil }
                milliseconds = value
            }
        }
        return (hour * 3600 + minute * 60 + second, milliseconds)
    }

    private static func offset(_ left: inout Substring.UTF8View) -> Int? {
        if eat("Z", &left) || eat("z", &left) { return 0 }
        let sign = eat("+", &left) ? 1 : eat("-", &left) ? -1 : 0
        guard sign != 0, let hours = digits(2, &left), hours < 24 else { return nil }
        _ = eat(":", &left)
        guard let minutes = digits(2, &left), minutes < 60 else { return nil }
        return sign * Int(hours * 60 + minutes)
    }

    private static func eat(_ character: Character, _ left: inout Substring.UTF8View) -> Bool {
        guard let first = left.first, first == character.asciiValue else { return false }
        left.removeFirst()
        return true
    }

    private static func digits(_ count: Int, _ left: inout Substring.UTF8View) -> Int64? {
        let found = left.prefix(count)
        guard found.count == count, found.allSatisfy({ (48...57).contains($0) }) else {
            return nil
        }
        left = left.dropFirst(count)
        return Int64(String(decoding: found, as: UTF8.self))
    }

    private static func daysIn(_ month: Int64, of year: Int64) -> Int64 {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
    }

    /// The days since 1970-01-01 of a Gregorian date, by era arithmetic; all parts are in range here.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
            - 719_468
    }
}
