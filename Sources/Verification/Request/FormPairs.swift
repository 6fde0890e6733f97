/// Pairs of a query or a form (WHATWG URL, 5.1).
enum FormPairs {
    /// How many pairs are read; what is beyond is none of a sender's.
    static let countMax = 1000

    /// All pairs, decoded, in their order; nil where there are more than ``countMax``.
    static func all(in bytes: [UInt8]) -> [(name: String, value: String)]? {
        var pairs: [(name: String, value: String)] = []
        for part in bytes.split(separator: UInt8(ascii: "&")) {
            guard pairs.count < countMax else { return nil }
            let (name, value) = halves(part)
            pairs.append((decoded(name), decoded(value)))
        }
        return pairs
    }

    /// The first value of a name, decoded.
    static func first(_ name: String, in bytes: [UInt8]) -> String? {
        for part in bytes.split(separator: UInt8(ascii: "&")).prefix(countMax) {
            let (key, value) = halves(part)
            if decoded(key) == name { return decoded(value) }
        }
        return nil
    }

    /// The first value of a name as it was sent; nil where there is none.
    static func firstRaw(_ name: String, in bytes: [UInt8]) -> String? {
        for part in bytes.split(separator: UInt8(ascii: "&")).prefix(countMax) {
            let (key, value) = halves(part)
            if decoded(key) == name { return String(decoding: value, as: UTF8.self) }
        }
        return nil
    }

    private static func halves(
        _ part: ArraySlice<UInt8>
    ) -> (name: ArraySlice<UInt8>, value: ArraySlice<UInt8>) {
        guard let equals = part.firstIndex(of: UInt8(ascii: "=")) else { return (part, []) }
        return (part[..<equals], part[(equals + 1)...])
    }

    private static func decoded(_ bytes: ArraySlice<UInt8>) -> String {
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        var rest = bytes
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2, let high = digit(rest.first),
                let low = digit(rest.dropFirst().first)
            {
                out.append(high << 4 | low)
                rest = rest.dropFirst(2)
            } else {
                out.append(byte == UInt8(ascii: "+") ? 32 : byte)
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8?) -> UInt8? {
        guard let byte else { return nil }
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): return byte - 48
        case UInt8(ascii: "a")...UInt8(ascii: "f"): return byte - 87
        case UInt8(ascii: "A")...UInt8(ascii: "F"): return byte - 55
        default: return nil
        }
    }
}
