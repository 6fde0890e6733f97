import Primitives
import Testing

@Suite struct UUIDv7Tests {
    /// The example of RFC 9562, appendix A.6: 2022-02-22T19:22:22.000Z.
    @Test func `the example of the RFC comes out`() {
        let id = UUIDv7(
            time: WallTime(milliseconds: 0x017F_22E2_79B0),
            random: (0xCC3, 0x18C4_DC0C_0C07_398F << 2)
        )
        #expect(id.text == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f")
    }

    @Test func `text and value go back and forth`() throws {
        for _ in 0..<200 {
            let id = UUIDv7.fresh()
            #expect(try #require(UUIDv7(text: id.text)) == id)
            #expect(UUIDv7(high: id.high, low: id.low) == id)
        }
    }

    @Test(
        arguments: [
            "", "017f22e2-79b0-7cc3-98c4-dc0c0c07398", "017f22e2-79b0-7cc3-98c4-dc0c0c07398ff",
            "017f22e279b07cc398c4dc0c0c07398f", "017f22e2-79b0-7cc3-98c4+dc0c0c07398f",
            "g17f22e2-79b0-7cc3-98c4-dc0c0c07398f", "017f22e2-79b0-7cc3-98c4-dc0c0c07398é",
        ])
    func `what is no UUID is refused`(_ text: String) {
        #expect(UUIDv7(text: text) == nil)
    }

    @Test func `version and variant are set whatever the randomness`() {
        for random in [(UInt64.min, UInt64.min), (.max, .max)] {
            let id = UUIDv7(time: WallTime(milliseconds: -1), random: random)
            #expect(id.high >> 12 & 15 == 7)
            #expect(id.low >> 62 == 2)
            #expect(id.high >> 16 == 0xFFFF_FFFF_FFFF)
        }
    }

    @Test func `each of the 74 random bits is used`() {
        var seen: (UInt64, UInt64) = (0, 0)
        let time = WallTime(milliseconds: 5)
        let first = UUIDv7.fresh(at: time)
        for _ in 0..<200 {
            let other = UUIDv7.fresh(at: time)
            seen.0 |= first.high ^ other.high
            seen.1 |= first.low ^ other.low
        }
        #expect(seen.0 == 0xFFF)
        #expect(seen.1 == 0x3FFF_FFFF_FFFF_FFFF)
    }

    @Test func `order follows time`() {
        let ids = [5, 1, 9, 3].map { UUIDv7.fresh(at: WallTime(milliseconds: $0)) }
        #expect(ids.sorted().map { $0.high >> 16 } == [1, 3, 5, 9])
        #expect(ids.sorted().map(\.text) == ids.map(\.text).sorted())
    }

    @Test func `the beginning of a text names a range of identifiers`() throws {
        let id = UUIDv7.fresh()
        for length in 1...36 {
            let range = try #require(UUIDv7.range(prefix: String(id.text.prefix(length))))
            #expect(range.contains(id))
            #expect(range.lowerBound.text.hasPrefix(id.text.prefix(length)))
            #expect(range.upperBound.text.hasPrefix(id.text.prefix(length)))
            #expect(!range.contains(range.upperBound.successor))
        }
        let range = try #require(UUIDv7.range(prefix: "01A1-".replacing("-", with: "")))
        #expect(range.lowerBound.text == "01a10000-0000-0000-0000-000000000000")
        #expect(range.upperBound.text == "01a1ffff-ffff-ffff-ffff-ffffffffffff")
        for wrong in ["", "x", "01a1fd8c6", "-", "01a1fd8c-6900-7c3e-8b1d-5f0a9c2e7d411"] {
            #expect(UUIDv7.range(prefix: wrong) == nil, "\(wrong)")
        }
    }
}
