internal import Primitives

/// Reads dates as HTTP writes them (RFC 9110, 5.6.7): the form of today and the two old ones.
enum HTTPDateText {
    private static let months = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]

    /// The moment a text names; nil where it is none of the three forms.
    ///
    /// The day's name is not looked at.
    static func moment(_ text: String) -> WallTime? {
        guard text.utf8.count <= 64 else { return nil }
        let parts = text.split { $0 == " " || $0 == "," || $0 == "-" }.map { $0.lowercased() }
        switch parts.count {
        // Sun, 06 Nov 1994 08:49:37 GMT and Sunday, 06-Nov-94 08:49:37 GMT
        case 6 where parts[5] == "gmt": return moment(parts[3], parts[2], parts[1], parts[4])
        // Sun Nov  6 08:49:37 1994
        case 5: return moment(parts[4], parts[1], parts[2], parts[3])
        default: return nil
        }
    }

    private static func moment(
        _ year: String,
        _ month: String,
        _ day: String,
        _ time: String
    ) -> WallTime? {
        let clock = time.split(separator: ":", omittingEmptySubsequences: false).map { number($0) }
        guard let month = months.firstIndex(of: month), let day = number(day[...]),
            var year = number(year[...]), clock.count == 3, let hour = clock[0],
            let minute = clock[1], let second = clock[2], hour < 24, minute < 60, second <= 60
        else { return nil }
        // Two digits are of the old form; what would lie more than 50 years ahead is past, which 70 on stands for.
        if year < 100 { year += year < 70 ? 2000 : 1900 }
        guard let date = GregorianDate(year: year, month: Int64(month + 1), day: day) else {
            return nil
        }
        let seconds = date.daysSince1970 * 86_400 + hour * 3600 + minute * 60 + second
        return WallTime(milliseconds: seconds * 1000)
    }

    /// One to four digits.
    private static func number(_ text: Substring) -> Int64? {
        guard (1...4).contains(text.utf8.count),
            text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return Int64(text)
    }
}
