import HTTPWire
import Testing

/// Damaged requests by the thousand, always the same ones: the process lives and every outcome is a known one.
@Suite struct MutationTests {
    static let count = 20_000

    @Test func `damaged requests end in a known outcome, however they are cut`() throws {
        var random = SplitMix(state: 0x5EED)
        let vectors = try VectorTests.load().prefix(60).map { VectorTests.withHost($0.input) }
        let seeds = (RequestParserTests.requests + vectors).map { Array($0.utf8) }
        var refused = 0
        for _ in 0..<Self.count {
            let damaged = damage(seeds[random.below(seeds.count)], &random)
            let whole = ParserRun([damaged])
            if let refusal = whole.refusal {
                refused += 1
                #expect([400, 413, 414, 431, 501, 505].contains(refusal.status))
            }
            let index = random.below(damaged.count + 1)
            let parts = ParserRun([Array(damaged[..<index]), Array(damaged[index...])])
            #expect(parts.messages == whole.messages)
            #expect(parts.refusal?.status == whole.refusal?.status, "\(damaged) cut at \(index)")
        }
        #expect(refused > Self.count / 10)
        #expect(refused < Self.count)
    }

    private func damage(_ seed: [UInt8], _ random: inout SplitMix) -> [UInt8] {
        var bytes = seed
        for _ in 0...random.below(3) {
            let at = random.below(bytes.count + 1)
            switch random.below(6) {
            case 0 where at < bytes.count: bytes[at] = UInt8(random.below(256))
            case 1 where at < bytes.count: bytes.remove(at: at)
            case 2: bytes.insert(UInt8(random.below(256)), at: at)
            case 3: bytes.insert(Self.special[random.below(Self.special.count)], at: at)
            case 4: bytes.insert(contentsOf: bytes[..<min(at, 40)], at: at)
            default: bytes.removeLast(min(bytes.count, random.below(20)))
            }
        }
        return bytes
    }

    private static let special = Array("\r\n\t :;,%/?#*\0\u{7F}0".utf8)
}

/// Numbers that are the same in every run.
struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    mutating func below(_ bound: Int) -> Int {
        Int(next() % UInt64(max(1, bound)))
    }
}
