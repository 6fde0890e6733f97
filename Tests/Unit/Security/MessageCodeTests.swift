internal import Primitives
import Security
import Testing

@Suite struct MessageCodeTests {
    @Test func `hub signatures are those that are published`() throws {
        for vector in try Vectors.named("GH1", "GH2", "GEN1", "GEN2", "GEN3") {
            let algorithm: DigestAlgorithm =
                vector.text("scheme").hasSuffix("sha1") ? .sha1 : .sha256
            let code = MessageCode.of(
                Array(vector.text("body").utf8),
                key: Array(vector.text("secret").utf8),
                by: algorithm
            )
            let expected = vector.text("expected")
            #expect("\(algorithm.rawValue)=\(Hex.text(of: code))" == expected, "\(vector.id)")
        }
    }

    @Test func `a signature in Base64 is that which is published`() throws {
        for vector in try Vectors.named("SH1") {
            let code = MessageCode.of(
                Array(vector.text("body").utf8),
                key: Array(vector.text("secret").utf8),
                by: .sha256
            )
            #expect(Base64.text(of: code) == vector.text("expected"))
        }
    }

    /// RFC 4231, test cases 1, 3 and 6 (a key longer than the hash's block), for SHA-512.
    @Test(arguments: [
        (
            [UInt8](repeating: 0x0b, count: 20), Array("Hi There".utf8),
            "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
                + "daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854"
        ),
        (
            [UInt8](repeating: 0xaa, count: 20), [UInt8](repeating: 0xdd, count: 50),
            "fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33b2279d39"
                + "bf3e848279a722c806b485a47e67c807b946a337bee8942674278859e13292fb"
        ),
        (
            [UInt8](repeating: 0xaa, count: 131),
            Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352"
                + "6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598"
        ),
    ]) func `SHA-512 codes are those of RFC 4231`(
        _ key: [UInt8],
        _ message: [UInt8],
        _ expected: String
    ) {
        #expect(Hex.text(of: MessageCode.of(message, key: key, by: .sha512)) == expected)
    }

    @Test func `an empty key and an empty message have a code too`() {
        let code = MessageCode.of([], key: [], by: .sha256)
        #expect(
            Hex.text(of: code) == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"
        )
    }
}
