package import Primitives

/// Durations as the configuration writes them: `5m`, `1h30m`, `250ms`, `2d`, `1:30`, `1.5`.
package enum DurationText {
    /// What a number without a unit means.
    package enum BareNumber: Sendable {
        /// Seconds, fractions too.
        case seconds
        /// As some documents have it: from 1000 on milliseconds; less could be either and is refused.
        case documentMilliseconds
    }

    /// What a text turned out to be.
    package enum Reading: Sendable, Equatable {
        /// A duration.
        case duration(Nanoseconds)
        /// A bare number that was taken as milliseconds.
        case milliseconds(Nanoseconds)
        /// A bare number that may be seconds or milliseconds.
        case ambiguous
        /// No duration, or one beyond 292 years.
        case malformed
    }

    /// Reads a duration, a bare number as seconds; nil where the text is none.
    package static func parse(_ text: String) -> Nanoseconds? {
        if case .duration(let duration) = read(text, bareNumber: .seconds) { duration } else { nil }
    }

    /// Reads a duration.
    ///
    /// Parts with the units `d h m s ms us ns` follow each other, or `h:m:s` or `m:s`, or one number without a unit.
    /// Parts may have a fraction and are never negative.
    package static func read(_ text: String, bareNumber: BareNumber) -> Reading {
        if let number = decimal(Substring(text)) { return bare(number, bareNumber) }
        if text.utf8.contains(UInt8(ascii: ":")) { return timecode(text) }
        var left = Substring(text)
        var sum: Int64 = 0
        repeat {
            let digits = left.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            left = left.dropFirst(digits.count)
            let unit = left.prefix { !($0.isASCII && ($0.isNumber || $0 == ".")) }
            left = left.dropFirst(unit.count)
            guard let number = decimal(digits), let factor = factors[String(unit)],
                add(number, times: factor, to: &sum)
            else { return .malformed }
        } while !left.isEmpty
        return .duration(Nanoseconds(sum))
    }

    /// A duration in the shortest spelling that reads back the same: `1h30m`, `250ms`.
    package static func spell(_ duration: Nanoseconds) -> String {
        guard duration.count > 0 else { return "0s" }
        var left = duration.count
        var text = ""
        for (unit, factor) in spellings where left >= factor {
            text += "\(left / factor)\(unit)"
            left %= factor
        }
        return text
    }

    private static let factors: [String: Int64] = [
        "ns": 1, "us": 1_000, "µs": 1_000, "ms": 1_000_000, "s": 1_000_000_000,
        "m": 60_000_000_000, "h": 3_600_000_000_000, "d": 86_400_000_000_000,
    ]

    private static let spellings: [(String, Int64)] = [
        ("d", 86_400_000_000_000), ("h", 3_600_000_000_000), ("m", 60_000_000_000),
        ("s", 1_000_000_000), ("ms", 1_000_000), ("us", 1_000), ("ns", 1),
    ]

    private static func bare(_ number: Decimal, _ meaning: BareNumber) -> Reading {
        var sum: Int64 = 0
        switch meaning {
        case .seconds:
            return add(number, times: 1_000_000_000, to: &sum)
                ? .duration(Nanoseconds(sum)) : .malformed
        case .documentMilliseconds:
            // Nothing is nothing in either unit.
            if number.whole == 0, number.billionths == 0 { return .duration(Nanoseconds(0)) }
            guard number.whole >= 1000 else { return .ambiguous }
            return add(number, times: 1_000_000, to: &sum)
                ? .milliseconds(Nanoseconds(sum)) : .malformed
        }
    }

    private static func timecode(_ text: String) -> Reading {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2 || parts.count == 3 else { return .malformed }
        var sum: Int64 = 0
        for (part, unit) in zip(parts.reversed(), ["s", "m", "h"]) {
            guard let number = decimal(part), let factor = factors[unit],
                add(number, times: factor, to: &sum)
            else { return .malformed }
        }
        return .duration(Nanoseconds(sum))
    }

    /// A number as a whole part and billionths, so that 0.1 s is exactly 100 ms.
    private struct Decimal {
        var whole: Int64
        var billionths: Int64
    }

    private static func decimal(_ text: Substring) -> Decimal? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let isDigits = parts.allSatisfy { part in
            !part.isEmpty && part.utf8.allSatisfy { (48...57).contains($0) }
        }
        guard isDigits, let first = parts.first, let whole = Int64(first), parts.count <= 2 else {
            return nil
        }
        guard parts.count == 2 else { return Decimal(whole: whole, billionths: 0) }
        let digits = String(parts[1].prefix(9))
        let padded = digits + String(repeating: "0", count: 9 - digits.utf8.count)
        return Int64(padded).map { Decimal(whole: whole, billionths: $0) }
    }

    /// Adds `number` units of `factor` nanoseconds; false where the sum does not fit.
    private static func add(_ number: Decimal, times factor: Int64, to sum: inout Int64) -> Bool {
        let (whole, tooMany) = number.whole.multipliedReportingOverflow(by: factor)
        // Billionths have nine digits and factors fourteen, so the quotient fits 64 bits.
        let (high, low) = number.billionths.multipliedFullWidth(by: factor)
        let (part, _) = (1_000_000_000 as Int64).dividingFullWidth((high, low))
        let (both, overflow) = whole.addingReportingOverflow(part)
        let (total, overflowToo) = sum.addingReportingOverflow(both)
        guard !tooMany, !overflow, !overflowToo else { return false }
        sum = total
        return true
    }
}
