import Decoding
import Primitives
import TestKit
import Testing

/// Bodies decoded within bounds.
@Suite struct InflaterTests {
    private func decode(
        _ bytes: [UInt8],
        _ coding: ContentCoding = .gzip,
        limit: Int = 1 << 20
    ) throws(DecodingError) -> [UInt8] {
        try unsafe Inflater.decode(bytes.span.bytes, coding, limit: limit)
    }

    private func coded(_ bytes: [UInt8], _ coding: ContentCoding) -> [UInt8] {
        coding == .gzip ? Deflater.gzip(bytes) : Deflater.zlib(bytes)
    }

    private func refusal(
        of bytes: [UInt8],
        _ coding: ContentCoding = .gzip,
        limit: Int = 1 << 20
    ) -> DecodingError? {
        do throws(DecodingError) {
            _ = try decode(bytes, coding, limit: limit)
            return nil
        } catch {
            return error
        }
    }

    /// Bytes that hardly get smaller.
    private static func noise(_ count: Int) -> [UInt8] {
        var state: UInt64 = 7
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 56)
        }
    }

    private static let text = Array(#"{"id":"a-1","status":"done","result":{"n":[1,2,3]}}"#.utf8)

    @Test(arguments: ContentCoding.allCases, [0, 1, 51, 65_535, 65_536, 65_537, 300_000])
    func `what was coded comes back`(_ coding: ContentCoding, _ count: Int) throws {
        let bytes = Self.noise(count)
        #expect(try decode(coded(bytes, coding), coding) == bytes)
        if count > 0 {
            #expect(try decode(coded(bytes, coding), coding, limit: count) == bytes)
            let refused = refusal(of: coded(bytes, coding), coding, limit: count - 1)
            #expect(refused == .tooLarge(limit: count - 1))
        }
    }

    @Test(arguments: ContentCoding.allCases)
    func `a stream that is cut anywhere, or has bytes behind it, is refused`(
        _ coding: ContentCoding
    ) {
        let whole = coded(Self.text, coding)
        for count in 1..<whole.count {
            #expect(refusal(of: Array(whole.prefix(count)), coding) == .cut, "of \(count)")
        }
        for rest in [[0], [0x1f], [10, 13], Array("x".utf8), [0x1f, 0x8c]] as [[UInt8]] {
            #expect(refusal(of: whole + rest, coding) == .trailing)
        }
    }

    @Test(arguments: ContentCoding.allCases)
    func `every changed byte is noticed, or changes nothing`(_ coding: ContentCoding) throws {
        let whole = coded(Self.text, coding)
        for place in whole.indices {
            for bit in 0..<8 {
                var changed = whole
                changed[place] ^= 1 << UInt8(bit)
                let decoded: [UInt8]?
                do throws(DecodingError) {
                    decoded = try decode(changed, coding)
                } catch {
                    decoded = nil
                }
                // A head of gzip has a time and a system that nobody reads.
                #expect(decoded == nil || decoded == Self.text)
            }
        }
    }

    @Test func `members of gzip follow each other, and another stream does not`() throws {
        let member = Deflater.gzip(Self.text)
        #expect(
            try decode(member + member + Deflater.gzip([]) + member) == Self.text + Self.text
                + Self.text
        )
        #expect(refusal(of: member + member.prefix(12)) == .cut)
        #expect(refusal(of: member + [0x1f, 0x8b] + Self.noise(20)) == .corrupt)
        let zlib = Deflater.zlib(Self.text)
        #expect(refusal(of: zlib + zlib, .deflate) == .trailing)
        #expect(refusal(of: zlib) == .corrupt)
        #expect(refusal(of: member, .deflate) == .corrupt)
    }

    @Test func `raw deflate, which RFC 9110 does not mean, is refused`() {
        let raw = Array(Deflater.zlib(Self.text).dropFirst(2).dropLast(4))
        #expect(refusal(of: raw, .deflate) == .corrupt)
        #expect(refusal(of: Self.text) == .corrupt)
        #expect(refusal(of: Self.text, .deflate) == .corrupt)
    }

    @Test func `a body may become a hundred times as large and no more`() throws {
        var seed = 0
        // Rows of one byte, each of another length, bring the ratio near to the bound from both sides.
        let ratios = stride(from: 20, to: 2_000, by: 60).map { row -> (Double, Bool) in
            seed += 1
            let bytes = (0..<20).flatMap { [UInt8](repeating: UInt8($0 + seed % 7), count: row) }
            let coded = Deflater.gzip(bytes)
            let ratio = Double(bytes.count) / Double(coded.count)
            return (ratio, refusal(of: coded) == nil)
        }
        #expect(ratios.contains { $0.0 > 100 } && ratios.contains { $0.0 <= 100 })
        for (ratio, isTaken) in ratios { #expect(isTaken == (ratio <= 100), "\(ratio)") }
    }

    @Test func `ten gigabytes of zeros cost what the bound lets them`() {
        let bomb = Deflater.zeros(10 << 30)
        #expect(bomb.count > 10 << 20 && bomb.count < 16 << 20, "\(bomb.count)")
        let limit = 64 << 20
        #expect(refusal(of: bomb, limit: limit) == .tooLarge(limit: limit))
        let small = Array(bomb.prefix(10_000))
        #expect(refusal(of: small, limit: limit) == .tooDense(ratio: 100))
    }

    @Test(arguments: [
        ("gzip", ContentCoding.gzip), ("GZip", .gzip), ("x-gzip", .gzip), ("deflate", .deflate),
        ("br", nil), ("zstd", nil), ("gzip, gzip", nil), ("", nil), ("identity", nil),
    ])
    func `a coding is told by its name`(_ text: String, _ coding: ContentCoding?) {
        #expect(ContentCoding(field: text) == coding)
    }
}
