/// What the text of a JSON number says, without rounding it.
enum NumberText {
    /// Whether a number's text is an optional minus and digits: no fraction, no exponent.
    static func isIntegral(_ bytes: some Sequence<UInt8>) -> Bool {
        var digitsCount = 0
        for (place, byte) in bytes.enumerated() {
            if Characters.isDigit(byte) {
                digitsCount += 1
            } else if place > 0 || byte != UInt8(ascii: "-") {
                return false
            }
        }
        return digitsCount > 0
    }

    /// The text as RFC 8259, section 6, writes numbers: the same digits without leading zeros; nil where it is no number.
    ///
    /// Takes what people and programs write: an optional sign, digits with an optional fraction and exponent.
    static func canonical(_ text: String) -> String? {
        var rest = text.utf8[...]
        var result = ""
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            if sign == UInt8(ascii: "-") { result = "-" }
            rest = rest.dropFirst()
        }
        let whole = rest.prefix(while: Characters.isDigit)
        if whole.isEmpty { return nil }
        rest = rest.dropFirst(whole.count)
        let significant = whole.drop { $0 == UInt8(ascii: "0") }
        result += significant.isEmpty ? "0" : String(Substring(significant))
        if rest.first == UInt8(ascii: ".") {
            let digits = rest.dropFirst().prefix(while: Characters.isDigit)
            if digits.isEmpty { return nil }
            result += "." + String(Substring(digits))
            rest = rest.dropFirst(digits.count + 1)
        }
        guard let exponent = exponent(rest) else { return nil }
        return result + exponent
    }

    /// The exponent part, as it stands; empty for none, nil where the rest is something else.
    private static func exponent(_ rest: Substring.UTF8View) -> String? {
        guard let mark = rest.first else { return "" }
        guard mark == UInt8(ascii: "e") || mark == UInt8(ascii: "E") else { return nil }
        var digits = rest.dropFirst()
        if let sign = digits.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            digits = digits.dropFirst()
        }
        if digits.isEmpty || !digits.allSatisfy(Characters.isDigit) { return nil }
        return String(Substring(rest))
    }
}
