import Primitives
import Testing

/// What the table relies on: hashes depend on every bit and on the key, and are spread.
@Suite struct FoldHashTests {
    private static let hash = FoldHash(key: (1, 2))

    private static func text(_ count: Int, _ salt: UInt8 = 0) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 * 7) ^ salt }
    }

    /// A fingerprint written down when the function was made.
    struct Vector: Sendable {
        let number: UInt32
        let one: [UInt8]
        let other: [UInt8]
        let print: Fingerprint
    }

    /// Worked out apart from this code: stored fingerprints depend on them.
    static let vectors = [
        Vector(
            number: 0,
            one: Array("".utf8),
            other: Array("".utf8),
            print: Fingerprint(high: 0xB5A2_5105_9828_F321, low: 0x7296_9A17_98BE_DDA9)
        ),
        Vector(
            number: 0,
            one: Array("k".utf8),
            other: Array("{}".utf8),
            print: Fingerprint(high: 0xDABC_B834_D068_D816, low: 0xCFDF_1A3F_A848_F981)
        ),
        Vector(
            number: 7,
            one: Array("018bcfe5-6800-7000-95a4-85874402c179".utf8),
            other: Array("{\"status\":\"completed\"}".utf8),
            print: Fingerprint(high: 0xCD0C_43CF_3B11_9846, low: 0xA4AC_6AE2_7776_1EF0)
        ),
        Vector(
            number: 1,
            one: Array(0..<16),
            other: Array(0..<33),
            print: Fingerprint(high: 0xBF3B_83B0_338C_CE5F, low: 0x5E7C_06D6_06AF_6F6A)
        ),
    ]

    @Test(arguments: vectors)
    func `fingerprints stay what they were`(_ vector: Vector) {
        let print = Self.hash.hash(vector.number, vector.one.span, vector.other.span)
        #expect(print == vector.print)
    }

    @Test func `equal texts have equal fingerprints`() {
        for count in 0..<100 {
            let text = Self.text(count)
            let again = Self.text(count)
            let one = Self.hash.hash(3, text.span, again.span)
            #expect(one == FoldHash(key: (1, 2)).hash(3, again.span, text.span))
        }
    }

    @Test func `another key, number, length or split gives another fingerprint`() {
        var seen: Set<Fingerprint> = []
        var made = 0
        for count in 0..<80 {
            let whole = Self.text(count)
            for cut in 0...count {
                let first = Array(whole[..<cut])
                let second = Array(whole[cut...])
                seen.insert(Self.hash.hash(0, first.span, second.span))
                made += 1
            }
            let none: [UInt8] = []
            seen.insert(Self.hash.hash(1, whole.span, none.span))
            seen.insert(FoldHash(key: (1, 3)).hash(0, whole.span, none.span))
            made += 2
        }
        #expect(seen.count == made)
    }

    @Test(arguments: [1, 7, 8, 15, 16, 17, 36, 194])
    func `every bit of a text changes about half of the bits`(_ count: Int) {
        let none: [UInt8] = []
        var text = Self.text(count)
        let before = Self.hash.hash(0, none.span, text.span)
        var changed = 0
        for bit in 0..<count * 8 {
            text[bit / 8] ^= 1 << UInt8(bit % 8)
            let after = Self.hash.hash(0, none.span, text.span)
            let high = (before.high ^ after.high).nonzeroBitCount
            let low = (before.low ^ after.low).nonzeroBitCount
            #expect(high > 8 && high < 56 && low > 8 && low < 56)
            changed += high + low
            text[bit / 8] ^= 1 << UInt8(bit % 8)
        }
        let share = Double(changed) / Double(count * 8 * 128)
        #expect(share > 0.45 && share < 0.55)
    }

    @Test func `counted words are spread over 256 shards and within them`() {
        var shards = [Int](repeating: 0, count: 256)
        var spots: Set<UInt32> = []
        let count = 100_000
        for index in 0..<count {
            let state = Self.hash.start(UInt64(index), 0)
            let hash = Self.hash.finish(state, 36 << 38)
            shards[Int(hash >> 48) & 255] += 1
            spots.insert(UInt32(truncatingIfNeeded: hash))
        }
        // Of a random function: 390 +- 20 in a shard, and about one pair of equal spots.
        #expect(shards.allSatisfy { $0 > 280 && $0 < 500 })
        #expect(spots.count > count - 10)
    }
}
