/// Random texts of JSON and random damage, the same for a seed.
struct RandomJSON {
    var bits: SeededBits

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
                string(&out, room: 12)
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
        default: string(&out, room: min(room, chance(8) ? 400 : 40))
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
        while out.count < end { out += Array(pieces[below(kinds)].utf8) }
        out.append(UInt8(ascii: "\""))
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
