/// The exact value of a JSON number's text: sign, digits and where the point stands.
///
/// The value is `0.d₁d₂d₃… × 10^exponent`; there are no zeros at either end of the digits, and none at all for zero.
/// Exponents beyond ±2^60 count as ±2^60.
struct Decimal: Equatable {
    /// Whether it is below zero; never for zero.
    var isNegative: Bool
    /// The digits, as ASCII.
    var digits: [UInt8]
    /// The power of ten behind the point; 0 for zero.
    var exponent: Int

    private static let exponentMax = 1 << 60

    /// Reads a text that was checked against RFC 8259, section 6.
    init(_ text: String) {
        var digits: [UInt8] = []
        var pointAt: Int?
        var exponent = 0
        var rest = text.utf8[...]
        isNegative = rest.first == UInt8(ascii: "-")
        if isNegative { rest = rest.dropFirst() }
        while let byte = rest.first {
            rest = rest.dropFirst()
            if Characters.isDigit(byte) {
                digits.append(byte)
            } else if byte == UInt8(ascii: ".") {
                pointAt = digits.count
            } else {
                exponent = Self.clampedInteger(rest)
                break
            }
        }
        let wholeCount = pointAt ?? digits.count
        let leading = digits.prefix { $0 == UInt8(ascii: "0") }.count
        digits.removeFirst(leading)
        while digits.last == UInt8(ascii: "0") { digits.removeLast() }
        self.digits = digits
        if digits.isEmpty {
            isNegative = false
            self.exponent = 0
        } else {
            let moved = exponent.addingReportingOverflow(wholeCount - leading).partialValue
            self.exponent = min(max(moved, -Self.exponentMax), Self.exponentMax)
        }
    }

    /// The value as a 64-bit integer; nil where it has a fraction or does not fit.
    var integer: Int64? {
        if digits.isEmpty { return 0 }
        guard (1...19).contains(exponent), digits.count <= exponent else { return nil }
        let padding = String(repeating: "0", count: exponent - digits.count)
        return Int64((isNegative ? "-" : "") + String(decoding: digits, as: UTF8.self) + padding)
    }

    /// Whether this is below another.
    static func < (left: Decimal, right: Decimal) -> Bool {
        if left.isNegative != right.isNegative { return left.isNegative }
        if left.isNegative { return right.hasSmallerMagnitude(than: left) }
        return left.hasSmallerMagnitude(than: right)
    }

    private func hasSmallerMagnitude(than other: Decimal) -> Bool {
        if digits.isEmpty || other.digits.isEmpty {
            return digits.isEmpty && !other.digits.isEmpty
        }
        if exponent != other.exponent { return exponent < other.exponent }
        return digits.lexicographicallyPrecedes(other.digits)
    }

    /// A signed integer, at most ``exponentMax`` away from zero.
    private static func clampedInteger(_ text: Substring.UTF8View) -> Int {
        var magnitude = 0
        for byte in text where Characters.isDigit(byte) {
            let (grown, overflow) = magnitude.multipliedReportingOverflow(by: 10)
            if overflow || grown > exponentMax { magnitude = exponentMax; break }
            magnitude = grown + Int(byte - UInt8(ascii: "0"))
        }
        magnitude = min(magnitude, exponentMax)
        return text.first == UInt8(ascii: "-") ? -magnitude : magnitude
    }
}
