import Primitives
import Testing

@Suite struct TailBytesTests {
    @Test func `the parts stand one after another behind the header`() {
        let first: [UInt8] = [1, 2, 3]
        let third: [UInt8] = [4, 5]
        let bytes = TailBytes(header: "head", first.span, Span(), third.span)
        #expect(bytes.header == "head")
        #expect(bytes.count == 5)
        let middle = bytes.withBytes(1..<4) { span in span.indices.map { span[$0] } }
        #expect(middle == [2, 3, 4])
        let cut = bytes.withBytes(3..<99) { span in span.indices.map { span[$0] } }
        #expect(cut == [4, 5])
    }

    @Test func `words are read little-endian and padded with zeros`() {
        let bytes: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8, 9]
        #expect(bytes.span.word(at: 0) == 0x0807_0605_0403_0201)
        #expect(bytes.span.word(at: 1) == 0x0908_0706_0504_0302)
        #expect(bytes.span.word(at: 7) == 0x0908)
        #expect(bytes.span.word(at: 9) == 0)
        #expect(bytes.span.word(at: -1) == 0)
        #expect(bytes.span.word(at: .max) == 0)
    }
}
