import Primitives

/// Random texts of JSON and random damage, the same for a seed.
struct RandomJSON {
    var bits: SplitMix64
    /// Whether some strings have an escape that JSON has not: such a text is wrong.
    var hasWrongEscapes = false

    /// A text of about so many bytes, with all that JSON has.
    mutating func text(_ length: Int) -> [UInt8] {
        var out: [UInt8] = []
        if chance(20) { out += [0xEF, 0xBB, 0xBF] }
        blanks(&out)
        if length < 8 || chance(10) {
            scalar(&out, room: length)
        } else {
            container(&out, until: length, depth: 0)
        }
        blanks(&out)
        return out
    }

    /// Changes, takes out, puts in or doubles a few bytes, or cuts the end off.
    mutating func damage(_ bytes: inout [UInt8]) {
        let telling =
            Array("\"\\{}[]:,-+.eE019atfnu/ \n".utf8) + [0, 0x1F, 0x7F, 0x80, 0xC3, 0xE2, 0xF0]
        for _ in 0...below(3) where !bytes.isEmpty {
            let place = below(bytes.count)
            let any = UInt8(truncatingIfNeeded: bits.next())
            let byte = chance(2) ? telling[below(telling.count)] : any
            switch below(5) {
            case 0: bytes[place] = byte
            case 1: bytes.insert(byte, at: place)
            case 2: bytes.remove(at: place)
            case 3: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 70)], at: place)
            default: bytes.removeLast(min(bytes.count, below(8)))
            }
        }
    }

    private mutating func container(_ out: inout [UInt8], until length: Int, depth: Int) {
        let isObject = chance(2)
        out.append(UInt8(ascii: isObject ? "{" : "["))
        blanks(&out)
        var isFirst = true
        while out.count < length, isFirst || !chance(depth == 0 ? 1_000 : 5) {
            if !isFirst { out.append(UInt8(ascii: ",")) }
            isFirst = false
            blanks(&out)
            if isObject {
                string(&out, room: chance(60) ? min(max(1, length - out.count), 3_000) : 12)
                blanks(&out)
                out.append(UInt8(ascii: ":"))
                blanks(&out)
            }
            if depth < 6, chance(4) {
                container(&out, until: length, depth: depth + 1)
            } else {
                scalar(&out, room: max(1, length - out.count))
            }
            blanks(&out)
        }
        out.append(UInt8(ascii: isObject ? "}" : "]"))
    }

    private mutating func scalar(_ out: inout [UInt8], room: Int) {
        switch below(8) {
        case 0: out += Array("true".utf8)
        case 1: out += Array("false".utf8)
        case 2: out += Array("null".utf8)
        case 3: out += Array(String(Int64(truncatingIfNeeded: bits.next())).utf8)
        case 4:
            out += Array(
                ["0", "-0", "7", "-12", "1.5", "2e9", "1.25E-7", "123456789012345678901"][below(8)]
                    .utf8
            )
        default: string(&out, room: min(room, chance(8) ? (chance(3) ? 6_000 : 400) : 40))
        }
    }

    private mutating func string(_ out: inout [UInt8], room: Int) {
        let pieces = [
            "a", "key", " ", "é", "안녕", "😀", "\\n", "\\\"", "\\\\", "\\u00e9", "\\ud83d\\ude00",
            "{", "]", ":", ",",
        ]
        // Most texts have no escapes, and so do most strings of those that have.
        let kinds = chance(6) ? pieces.count : 4
        let end = out.count + below(max(1, room))
        out.append(UInt8(ascii: "\""))
        let first = out.count
        while out.count < end { out += Array(pieces[below(kinds)].utf8) }
        if kinds == 4, chance(3) { loneEscape(&out, from: first) }
        out.append(UInt8(ascii: "\""))
    }

    /// One escape in a string that has no other, seldom a wrong one: near its beginning, its end, or anywhere.
    private mutating func loneEscape(_ out: inout [UInt8], from first: Int) {
        let escapes = ["\\n", "\\/", "\\\"", "\\\\", "\\u00e9", "\\ud83d\\ude00", "\\ud83d"]
        let wrong = ["\\q", "\\u00g0", "\\x41", "\\'"]
        let escape =
            hasWrongEscapes && chance(4) ? wrong[below(wrong.count)] : escapes[below(escapes.count)]
        let count = out.count - first
        var place = [min(count, below(4)), max(0, count - below(4)), below(count + 1)][below(3)]
        // Not inside a character of several bytes.
        while place < count, out[first + place] & 0xC0 == 0x80 { place += 1 }
        out.insert(contentsOf: Array(escape.utf8), at: first + place)
    }

    private mutating func blanks(_ out: inout [UInt8]) {
        guard chance(6) else { return }
        for _ in 0..<below(chance(10) ? 90 : 4) { out.append([32, 10, 13, 9][below(4)]) }
    }

    private mutating func chance(_ one: Int) -> Bool { below(one) == 0 }

    private mutating func below(_ bound: Int) -> Int {
        Int(truncatingIfNeeded: bits.next() % UInt64(bound))
    }
}
