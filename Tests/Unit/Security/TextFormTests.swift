internal import Primitives
import Security
import Testing

@Suite struct TextFormTests {
    /// RFC 4648, section 10.
    @Test(
        arguments: zip(
            ["", "f", "fo", "foo", "foob", "fooba", "foobar"],
            ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"]
        )
    ) func `Base64 goes both ways`(_ plain: String, _ coded: String) {
        #expect(Base64.text(of: Array(plain.utf8)) == coded)
        #expect(Base64.bytes(of: coded) == Array(plain.utf8))
        #expect(Base64.bytes(of: String(coded.prefix { $0 != "=" })) == Array(plain.utf8))
    }

    @Test func `every byte survives Base64 and hexadecimal digits`() {
        for length in 0..<70 {
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ length) }
            #expect(Base64.bytes(of: Base64.text(of: bytes)) == bytes)
            #expect(Hex.bytes(of: Hex.text(of: bytes)) == bytes)
        }
    }

    @Test(arguments: ["Z", "Zg=", "Zg===", "Zm9v=", "Zh==", "Z g=", "Zg\n", "=", "Zm9vY", "é"])
    func `what is no Base64 is refused`(_ text: String) {
        #expect(Base64.bytes(of: text) == nil)
    }

    @Test(arguments: ["0", "0g", "0x12", " 0"])
    func `what are no digits is refused`(_ text: String) {
        #expect(Hex.bytes(of: text) == nil)
    }

    @Test func `digits of either case are read`() {
        #expect(Hex.bytes(of: "aBfF09") == [0xAB, 0xFF, 0x09])
    }
}
