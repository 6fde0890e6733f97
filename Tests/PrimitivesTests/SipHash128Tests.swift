import Primitives
import Testing

@Suite struct SipHash128Tests {
    /// The key 00 01 … 0f, under which the published vectors are made.
    private static let key: (UInt64, UInt64) = (0x0706_0504_0302_0100, 0x0F0E_0D0C_0B0A_0908)

    private func input(_ count: Int) -> [UInt8] { (0..<count).map { UInt8($0) } }

    /// From `vectors_sip128` of the reference implementation; the texts are 00 01 02 … of each length.
    @Test(
        arguments: zip(
            [0, 1, 7, 8, 9, 15, 16, 63],
            [
                "a3817f04ba25a8e66df67214c7550293", "da87c1d86b99af44347659119b22fc45",
                "a1f1ebbed8dbc153c0b84aa61ff08239", "3b62a9ba6258f5610f83e264f31497b4",
                "264499060ad9baabc47f8b02bb6d71ed", "5493e99933b0a8117e08ec0f97cfc3d9",
                "6ee2a4ca67b054bbfd3315bf85230577", "5150d1772f50834a503e069a973fbd7c",
            ]
        )
    )
    func `SipHash-2-4 gives the published 128 bits`(_ count: Int, _ expected: String) {
        let hash = SipHash128(key: Self.key, compressionRounds: 2, finalRounds: 4)
        #expect(hex(hash.hash(input(count).span)) == expected)
    }

    /// From `openssl mac -macopt size:16 -macopt c-rounds:1 -macopt d-rounds:3 SIPHASH` (OpenSSL 3.0).
    @Test(
        arguments: zip(
            [0, 1, 8, 15, 63],
            [
                "e77ebcb22788a5befd62db6add303001", "fc6f370460d3eda85e0573cc2b2ff063",
                "aa12fee1d5e3dab4724f16ab35f9c799", "c17e5505b2bd526c2921cdec1e7e0109",
                "4c5800e34efe426f079f6b0aa75260ad",
            ]
        )
    )
    func `SipHash-1-3 gives what OpenSSL gives`(_ count: Int, _ expected: String) {
        #expect(hex(SipHash128(key: Self.key).hash(input(count).span)) == expected)
    }

    @Test func `the 64-bit form gives the published value`() {
        var state = SipState(key: Self.key)
        state.absorb(0x0706_0504_0302_0100, rounds: 2)
        state.absorb(8 << 56, rounds: 2)
        #expect(state.finish(rounds: 4) == 0x93F5_F579_9A93_2462)
    }

    @Test func `another key, channel or split gives another fingerprint`() {
        let hash = SipHash128(key: (1, 2))
        let text = input(20)
        let same = hash.hash(0, text.span.extracting(0..<5), text.span.extracting(5..<20))
        let prints: Set<Fingerprint> = [
            same, SipHash128(key: (1, 3)).hash(text.span), hash.hash(text.span),
            hash.hash(1, text.span.extracting(0..<5), text.span.extracting(5..<20)),
            hash.hash(0, text.span.extracting(0..<6), text.span.extracting(6..<20)),
            hash.hash(0, text.span.extracting(0..<5), text.span.extracting(5..<19)),
        ]
        #expect(prints.count == 6)
        #expect(same == hash.hash(0, input(5).span, Array(text[5...]).span))
    }

    private func hex(_ print: Fingerprint) -> String {
        [print.high, print.low].map { half in
            let digits = String(half, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
