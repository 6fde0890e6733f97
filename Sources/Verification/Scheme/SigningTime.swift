/// Reads and judges the time at which a request was signed.
enum SigningTime {
    /// The milliseconds since 1970 that a text means; nil where it is none.
    static func milliseconds(
        _ text: ArraySlice<UInt8>,
        _ unit: SignatureScheme.Timestamp.Unit
    ) -> Int64? {
        switch unit {
        case .rfc3339: return RFC3339.milliseconds(String(decoding: text, as: UTF8.self))
        case .seconds, .milliseconds:
            // Digits alone: `+5`, ` 5` and `5.0` are not what was signed.
            guard !text.isEmpty, text.count <= 18, text.allSatisfy({ (48...57).contains($0) })
            else {
                return nil
            }
            let number = text.reduce(Int64(0)) { $0 * 10 + Int64($1 - 48) }
            if unit == .milliseconds { return number }
            let (product, overflow) = number.multipliedReportingOverflow(by: 1000)
            return overflow ? nil : product
        }
    }

    /// Checks that a time lies near enough to the present.
    ///
    /// - Throws: ``VerificationRefusal``.
    static func judge(
        _ time: Int64,
        tolerance: Int64,
        takesFuture: Bool,
        now: Int64
    ) throws(VerificationRefusal) {
        let (age, overflow) = now.subtractingReportingOverflow(time)
        guard !overflow else {
            throw VerificationRefusal(.timestampInvalid, "The timestamp is no moment of our time.")
        }
        if age > tolerance {
            throw VerificationRefusal(
                .tooOld,
                "The request was signed \(seconds(age)) s ago; at most \(seconds(tolerance)) s are taken."
            )
        }
        if !takesFuture, -age > tolerance {
            throw VerificationRefusal(
                .tooNew,
                "The request was signed \(seconds(-age)) s in the future: one of the clocks is wrong."
            )
        }
    }

    private static func seconds(_ milliseconds: Int64) -> Int64 { milliseconds / 1000 }
}

/// Moments as RFC 3339 writes them.
enum RFC3339 {
    /// The milliseconds since 1970 that a text means; a date alone is its end in UTC; nil where it is none.
    static func milliseconds(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 10, bytes[4] == 45, bytes[7] == 45,
            let year = number(bytes[0..<4]), let month = number(bytes[5..<7]),
            let day = number(bytes[8..<10]), (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        let date = days(year, month, day) * 86_400_000
        if bytes.count == 10 { return date + 86_399_999 }
        guard bytes.count >= 20, bytes[10] | 0x20 == UInt8(ascii: "t") || bytes[10] == 32,
            bytes[13] == 58, bytes[16] == 58, let hour = number(bytes[11..<13]),
            let minute = number(bytes[14..<16]), let second = number(bytes[17..<19]),
            hour < 24, minute < 60, second <= 60
        else { return nil }
        var rest = bytes[19...]
        var millis: Int64 = 0
        if rest.first == UInt8(ascii: ".") {
            let digits = rest.dropFirst().prefix { (48...57).contains($0) }
            guard (1...9).contains(digits.count) else { return nil }
            let three = (Array(digits) + [48, 48]).prefix(3)
            millis = number(three[...]) ?? 0
            rest = rest.dropFirst(digits.count + 1)
        }
        guard let offset = offset(rest) else { return nil }
        return date + ((hour * 60 + minute - offset) * 60 + second) * 1000 + millis
    }

    /// The minutes that a zone is ahead of UTC.
    private static func offset(_ zone: ArraySlice<UInt8>) -> Int64? {
        let zone = Array(zone)
        if zone.count == 1, zone[0] | 0x20 == UInt8(ascii: "z") { return 0 }
        guard zone.count == 6, zone[3] == 58, let hours = number(zone[1..<3]),
            let minutes = number(zone[4..<6]), hours < 24, minutes < 60
        else { return nil }
        switch zone[0] {
        case UInt8(ascii: "+"): return hours * 60 + minutes
        case UInt8(ascii: "-"): return -(hours * 60 + minutes)
        default: return nil
        }
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int64? {
        guard digits.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return digits.reduce(0) { $0 * 10 + Int64($1 - 48) }
    }

    /// The days from 1970 to a date of the Gregorian calendar.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}
