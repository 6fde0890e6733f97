import Primitives
import Testing

@Suite struct CRC32CTests {
    /// The vectors of RFC 3720, B.4, and the usual check value.
    private static let vectors: [([UInt8], UInt32)] = [
        ([], 0),
        (Array("123456789".utf8), 0xE306_9283),
        ([UInt8](repeating: 0, count: 32), 0x8A91_36AA),
        ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43),
        (Array(0..<32), 0x46DD_794E),
        (Array((0..<32).reversed()), 0x113F_DB5C),
    ]

    @Test(arguments: vectors)
    func `known sums come out, by instruction and by table`(_ bytes: [UInt8], _ sum: UInt32) {
        #expect(unsafe CRC32C.extend(0, bytes.span.bytes) == sum)
        #expect(unsafe CRC32C.extendByTable(0, bytes.span.bytes) == sum)
    }

    @Test func `instruction and table agree, whole or in parts`() {
        var state: UInt32 = 1
        let bytes = (0..<300).map { _ -> UInt8 in
            state = state &* 1_664_525 &+ 1_013_904_223
            return UInt8(truncatingIfNeeded: state >> 24)
        }
        for start in 0..<9 {
            for end in start...bytes.count {
                let span = bytes.span.extracting(start..<end)
                let sum = unsafe CRC32C.extend(0, span.bytes)
                #expect(unsafe CRC32C.extendByTable(0, span.bytes) == sum)
                let half = span.count / 2
                let first = unsafe CRC32C.extend(0, span.extracting(..<half).bytes)
                #expect(unsafe CRC32C.extend(first, span.extracting(half...).bytes) == sum)
            }
        }
    }
}
