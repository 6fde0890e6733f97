package import Primitives

/// Reads moments as RFC 3339 writes them, also without seconds or offset, and with the name of a time zone.
package enum CalendarText {
    /// What a text says of a moment.
    struct Reading {
        /// What the clocks show: seconds since 1970 as if it were UTC.
        var seconds: Int64
        /// The part of a second.
        var milliseconds: Int64 = 0
        /// The seconds east of UTC that the text names; nil where it names none.
        var offset: Int64?
        /// The time zone that the text names.
        var zone: String?
    }

    /// The moment a text names: `2026-11-21T10:00:00+09:00`, `2026-11-21 10:00`, `2026-11-21`.
    ///
    /// A text without an offset is read as UTC. Nil where the text is no moment, or names a time zone.
    package static func moment(_ text: String) -> WallTime? {
        guard let reading = read(text), reading.zone == nil else { return nil }
        return reading.moment(at: reading.seconds - (reading.offset ?? 0))
    }

    /// Reads a text; nil where it names no moment.
    static func read(_ text: String) -> Reading? {
        var left = text.utf8[...]
        guard let year = digits(4, &left), eat("-", &left), let month = digits(2, &left),
            eat("-", &left), let day = digits(2, &left),
            let date = GregorianDate(year: year, month: month, day: day)
        else { return nil }
        var reading = Reading(seconds: date.daysSince1970 * 86_400)
        let isClock = left.dropFirst().first.map { (48...57).contains($0) } ?? false
        if isClock, eat("T", &left) || eat("t", &left) || eat(" ", &left) {
            guard let (seconds, milliseconds) = clock(&left) else { return nil }
            reading.seconds += seconds
            reading.milliseconds = milliseconds
            if let next = left.first, "Zz+-".utf8.contains(next) {
                guard let offset = offset(&left) else { return nil }
                reading.offset = offset
            }
        }
        guard readZone(&left, &reading), left.isEmpty else { return nil }
        return reading
    }

    /// The seconds east of UTC that a text names: `UTC`, `Z`, `+09:00`; nil for names of places.
    static func fixedZone(_ text: String) -> Int64? {
        if ["UTC", "GMT", "ETC/UTC", ""].contains(text.uppercased()) { return 0 }
        var left = text.utf8[...]
        guard let offset = offset(&left), left.isEmpty else { return nil }
        return offset
    }

    /// Reads ` Europe/Berlin` or `[Europe/Berlin]`; false where what stands there is neither.
    private static func readZone(
        _ left: inout Substring.UTF8View,
        _ reading: inout Reading
    ) -> Bool {
        if left.isEmpty { return true }
        var name: Substring.UTF8View
        if eat(" ", &left) {
            name = left
        } else {
            guard eat("[", &left), left.last == UInt8(ascii: "]") else { return false }
            name = left.dropLast()
        }
        left = left[left.endIndex...]
        while name.first == UInt8(ascii: " ") { name.removeFirst() }
        reading.zone = String(Substring(name))
        return !name.isEmpty
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

    private static func offset(_ left: inout Substring.UTF8View) -> Int64? {
        if eat("Z", &left) || eat("z", &left) { return 0 }
        let sign: Int64 = eat("+", &left) ? 1 : eat("-", &left) ? -1 : 0
        guard sign != 0, let hours = digits(2, &left), hours < 24 else { return nil }
        _ = eat(":", &left)
        guard let minutes = digits(2, &left), minutes < 60 else { return nil }
        return sign * (hours * 3600 + minutes * 60)
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
}

extension CalendarText.Reading {
    /// The moment that begins with a second since 1970.
    func moment(at second: Int64) -> WallTime {
        WallTime(milliseconds: second * 1000 + milliseconds)
    }
}
