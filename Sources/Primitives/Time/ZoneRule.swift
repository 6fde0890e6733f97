/// When clocks change in every year to come: the POSIX TZ text at the end of a time zone's file (RFC 8536, 3.3).
struct ZoneRule: Sendable, Equatable {
    /// A day of a year, and the seconds from its midnight to the change.
    struct Change: Sendable, Equatable {
        /// How the day is found.
        enum Day: Sendable, Equatable {
            /// The day of the year from 1, which never counts a 29th of February (`J60`).
            case julian(Int64)
            /// The day of the year from 0, which counts it (`59`).
            case zeroBased(Int64)
            /// A weekday (0 is Sunday) of a week of a month; week 5 is the last one (`M3.5.0`).
            case weekday(month: Int64, week: Int64, day: Int64)
        }

        let day: Day
        let seconds: Int64
    }

    /// The time of the year with other clocks.
    struct Summer: Sendable, Equatable {
        let offset: Int64
        let begin: Change
        let end: Change
    }

    /// The offset of standard time, in seconds east of UTC.
    let standard: Int64
    /// Summer time; nil where there is none.
    let summer: Summer?

    /// Reads a text such as `CET-1CEST,M3.5.0,M10.5.0/3`; nil where it is none.
    init?(_ text: some StringProtocol) {
        var reader = ZoneRuleReader(text)
        guard reader.name(), let standard = reader.offset() else { return nil }
        self.standard = -standard
        guard !reader.isAtEnd else {
            summer = nil
            return
        }
        guard reader.name() else { return nil }
        // Summer time is an hour ahead where nothing else is said.
        let offset = reader.isAt(",") ? standard - 3600 : reader.offset()
        guard let offset, let begin = reader.change(), let end = reader.change(), reader.isAtEnd
        else { return nil }
        summer = Summer(offset: -offset, begin: begin, end: end)
    }

    /// The offset at a moment.
    func offset(at moment: Int64) -> Int64 {
        guard let summer else { return standard }
        let local = moment + standard
        let days = local / 86_400 - (local % 86_400 < 0 ? 1 : 0)
        let year = GregorianDate(daysSince1970: days).year
        let begin = summer.begin.reading(of: year) - standard
        let end = summer.end.reading(of: year) - summer.offset
        // South of the equator summer goes over the turn of the year.
        let isSummer =
            begin < end ? (begin..<end).contains(moment) : !(end..<begin).contains(moment)
        return isSummer ? summer.offset : standard
    }
}

extension ZoneRule.Change {
    /// What the clocks show at the change, as if it were UTC.
    fileprivate func reading(of year: Int64) -> Int64 {
        let start = GregorianDate.days(year: year, month: 1)
        switch day {
        case .zeroBased(let number): return (start + number) * 86_400 + seconds
        case .julian(let number):
            let leap: Int64 = number >= 60 && GregorianDate.isLeap(year) ? 1 : 0
            return (start + number - 1 + leap) * 86_400 + seconds
        case .weekday(let month, let week, let day):
            let first = GregorianDate.days(year: year, month: month)
            // 1970-01-01 was a Thursday.
            let weekday = ((first + 4) % 7 + 7) % 7
            var date = (day - weekday + 7) % 7 + (week - 1) * 7
            if date >= GregorianDate.daysIn(month, of: year) { date -= 7 }
            return (first + date) * 86_400 + seconds
        }
    }
}

/// Reads the parts of a POSIX TZ text from left to right.
private struct ZoneRuleReader {
    private var left: [UInt8]

    init(_ text: some StringProtocol) {
        left = Array(text.utf8.prefix(256).reversed())
    }

    var isAtEnd: Bool { left.isEmpty }

    func isAt(_ character: Unicode.Scalar) -> Bool {
        left.last == UInt8(ascii: character)
    }

    private mutating func eat(_ character: Unicode.Scalar) -> Bool {
        guard isAt(character) else { return false }
        left.removeLast()
        return true
    }

    /// Passes over a name: three letters or more, or anything between `<` and `>`.
    mutating func name() -> Bool {
        if eat("<") {
            while let byte = left.popLast() {
                if byte == UInt8(ascii: ">") { return true }
            }
            return false
        }
        var count = 0
        while let byte = left.last, (65...90).contains(byte & 0xDF) {
            left.removeLast()
            count += 1
        }
        return count >= 3
    }

    /// `[+-]hh[:mm[:ss]]` in seconds.
    mutating func offset() -> Int64? {
        let sign: Int64 = eat("-") ? -1 : 1
        if sign == 1 { _ = eat("+") }
        guard let hours = number(max: 167) else { return nil }
        var seconds = hours * 3600
        if eat(":") {
            guard let minutes = number(max: 59) else { return nil }
            seconds += minutes * 60
            if eat(":") {
                guard let more = number(max: 59) else { return nil }
                seconds += more
            }
        }
        return sign * seconds
    }

    /// `,M3.5.0/3`, `,J60` or `,59`; without a time it is 2 o'clock.
    mutating func change() -> ZoneRule.Change? {
        guard eat(","), let day = day() else { return nil }
        guard eat("/") else { return ZoneRule.Change(day: day, seconds: 7200) }
        return offset().map { ZoneRule.Change(day: day, seconds: $0) }
    }

    private mutating func day() -> ZoneRule.Change.Day? {
        if eat("J") {
            guard let number = number(max: 365), number >= 1 else { return nil }
            return .julian(number)
        }
        guard eat("M") else { return number(max: 365).map { .zeroBased($0) } }
        guard let month = number(max: 12), month >= 1, eat("."), let week = number(max: 5),
            week >= 1, eat("."), let day = number(max: 6)
        else { return nil }
        return .weekday(month: month, week: week, day: day)
    }

    private mutating func number(max: Int64) -> Int64? {
        var value: Int64?
        while let byte = left.last, (48...57).contains(byte) {
            left.removeLast()
            let sum = (value ?? 0) * 10 + Int64(byte - 48)
            guard sum <= max else { return nil }
            value = sum
        }
        return value
    }
}
