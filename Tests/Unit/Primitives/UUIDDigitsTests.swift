import Primitives
import Testing

@Suite struct UUIDDigitsTests {
    @Test(arguments: 0..<20)
    func `the text of an identifier is packed to its bytes, and no other text is`(_ seed: UInt64) {
        var source = SplitMix64(seed: seed)
        let id = UUIDv7(high: source.next(), low: source.next())
        var text = Array(id.text.utf8)
        let packed = UUIDDigits.pack(text.span)
        #expect(packed?.0 == id.high.byteSwapped && packed?.1 == id.low.byteSwapped)
        for place in text.indices {
            let kept = text[place]
            for byte in 0...255 as ClosedRange<UInt8> where byte != kept {
                text[place] = byte
                let isDigit = (48...57).contains(byte) || (97...102).contains(byte)
                let isPacked = UUIDDigits.pack(text.span) != nil
                #expect(isPacked == (isDigit && kept != 45))
            }
            text[place] = kept
        }
        let short = UUIDDigits.pack(text.span.extracting(0..<35))
        let long = UUIDDigits.pack((text + [48]).span)
        #expect(short == nil && long == nil)
    }
}
