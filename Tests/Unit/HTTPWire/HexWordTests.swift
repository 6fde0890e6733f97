import Primitives
import Testing

@testable import HTTPWire

@Suite struct HexWordTests {
    @Test(arguments: [0, 1, 9, 10, 0xF, 0x10, 0x9ABC_DEF0, 0x0123_4567, .max] as [UInt32])
    func `digits are those of the number`(_ number: UInt32) {
        let word = HexWord.digits(number)
        let text = (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(56 - $0 * 8)) }
        let plain = String(number, radix: 16)
        let padded = String(repeating: "0", count: 8 - plain.count) + plain
        #expect(String(decoding: text, as: UTF8.self) == padded)
    }

    @Test func `an identifier is appended as its text`() {
        for _ in 0..<100 {
            let uuid = UUIDv7.fresh()
            var bytes = Array("id: ".utf8)
            bytes.append(uuid: uuid)
            #expect(String(decoding: bytes, as: UTF8.self) == "id: \(uuid.text)")
        }
    }
}
