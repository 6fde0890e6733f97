import JSONWire
import Primitives
import Security
import TestKit
import Testing

@Suite struct KeyTests {
    private static let message = Array("a message".utf8)

    @Test func `a signature of RFC 8032 is verified`() throws {
        let vector = try #require(try Vectors.named("ED1").first)
        let key = try PublicKey(ed25519: try #require(Hex.bytes(of: vector.text("public_hex"))))
        let message = try #require(Hex.bytes(of: vector.text("message_hex")))
        let signature = try #require(Hex.bytes(of: vector.text("expected_hex")))
        #expect(key.verify(signature, of: message, by: .ed25519))
        #expect(!key.verify(signature, of: message + [0], by: .ed25519))
        #expect(!key.verify(signature, of: message, by: .ecdsaP256))
        #expect(!key.verify(Array(signature.dropLast()), of: message, by: .ed25519))
        #expect(!key.verify([], of: message, by: .ed25519))
    }

    @Test func `signatures on P-256 and of RFC 9421 are verified`() throws {
        let event = try #require(try Vectors.named("SG1").first)
        let der = try #require(Base64.bytes(of: event.text("public_der_b64")))
        let signature = try #require(Base64.bytes(of: event.text("expected")))
        let message = Array("1600112502\(event.text("body"))".utf8)
        let key = try PublicKey(der: der)
        #expect(key.kind == .p256)
        #expect(key.der == der)
        #expect(key.verify(signature, of: message, by: .ecdsaP256))
        #expect(!key.verify(signature, of: message, by: .ecdsaP256Raw))
        let base = try #require(try Vectors.named("HS2").first)
        let other = try PublicKey(der: try #require(Base64.bytes(of: base.text("public_spki_b64"))))
        let given = try #require(Base64.bytes(of: base.text("expected")))
        #expect(other.verify(given, of: Array(base.text("signature_base").utf8), by: .ed25519))
    }

    @Test(arguments: SignatureAlgorithm.allCases)
    func `what a key signs its other half verifies`(_ algorithm: SignatureAlgorithm) throws {
        let key = try PrivateKey(generating: algorithm.keyKind)
        let other = try PrivateKey(generating: algorithm.keyKind)
        let signature = try #require(key.sign(Self.message, by: algorithm))
        let read = try PublicKey(der: key.publicKey.der)
        #expect(read.verify(signature, of: Self.message, by: algorithm))
        #expect(!other.publicKey.verify(signature, of: Self.message, by: algorithm))
        var changed = signature
        changed[changed.count / 2] ^= 1
        #expect(!read.verify(changed, of: Self.message, by: algorithm))
        for wrong in SignatureAlgorithm.allCases where wrong != algorithm {
            #expect(!read.verify(signature, of: Self.message, by: wrong), "\(wrong)")
            if wrong.keyKind != algorithm.keyKind {
                #expect(key.sign(Self.message, by: wrong) == nil)
            }
        }
        if algorithm == .ecdsaP256Raw { #expect(signature.count == 64) }
    }

    @Test func `keys are read from PEM and raw bytes`() throws {
        let pem = """
            -----BEGIN PRIVATE KEY-----
            MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF
            -----END PRIVATE KEY-----
            """
        let key = try PrivateKey(pem: Array((pem + "\n").utf8))
        // The public half of test-key-ed25519 (RFC 9421, B.1.4).
        let spki = "MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs="
        #expect(Base64.text(of: key.publicKey.der) == spki)
        let raw = Array(key.publicKey.der.suffix(32))
        #expect(try PublicKey(ed25519: raw).der == key.publicKey.der)
        let text = "-----BEGIN PUBLIC KEY-----\n\(spki)\n-----END PUBLIC KEY-----\n"
        #expect(try PublicKey(pem: Array(text.utf8)).der == key.publicKey.der)
        let seed = try #require(Base64.bytes(of: "n4Ni+HpISpVObnQMW0wOhCKROaIKqKtW/2ZYb2p9KcU="))
        #expect(try PrivateKey(ed25519: seed).publicKey.der == key.publicKey.der)
    }

    @Test func `what is no key is told apart`() throws {
        func data(_ name: String) throws -> [UInt8] {
            try Files.bytes(PackageRoot.path("Tests/Unit/Verification/Data/\(name)"))
        }
        #expect(throws: KeyError.kindUnsupported) { try PublicKey(pem: try data("p384.pem")) }
        #expect(throws: KeyError.tooShort(bits: 1024)) {
            try PublicKey(pem: try data("rsa1024.pem"))
        }
        #expect(throws: KeyError.unreadable) { try PublicKey(pem: [1, 2, 3]) }
        #expect(throws: KeyError.unreadable) { try PublicKey(der: []) }
        #expect(throws: KeyError.invalid) { try PublicKey(ed25519: [1]) }
        let zero = [UInt8](repeating: 0, count: 32)
        #expect(throws: KeyError.invalid) { try PublicKey(p256X: zero, y: zero) }
        #expect(throws: KeyError.tooShort(bits: 8)) {
            try PublicKey(rsaModulus: [0xff], exponent: [1, 0, 1])
        }
        let der = try PrivateKey(generating: .ed25519).publicKey.der
        #expect(throws: KeyError.unreadable) { try PublicKey(der: der + [0]) }
        #expect(throws: KeyError.unreadable) { try PrivateKey(pem: []) }
    }

    @Test func `a certificate has its key, its time and its chain`() throws {
        func data(_ name: String) throws -> [UInt8] {
            try Files.bytes(PackageRoot.path("Tests/Unit/Verification/Data/\(name)"))
        }
        let leaf = try #require(try Certificate.all(pem: try data("sns.pem")).first)
        let root = try Certificate.all(pem: try data("root.pem"))
        let other = try Certificate.all(pem: try data("other-root.pem"))
        // 2030-01-01 and 2000-01-01.
        let (then, before) = (
            WallTime(milliseconds: 1_893_456_000_000), WallTime(milliseconds: 946_684_800_000)
        )
        #expect(leaf.isValid(at: then) && !leaf.isValid(at: before))
        #expect(leaf.names("sns.amazonaws.com") && !leaf.names("amazonaws.com"))
        #expect(leaf.chains(to: root, at: then))
        #expect(!leaf.chains(to: other, at: then))
        #expect(!leaf.chains(to: other, through: root, at: then))
        #expect(!leaf.chains(to: root, at: before))
        #expect(!leaf.chains(to: [], at: then))
        let key = try PrivateKey(pem: try data("sns-key.pem"))
        let signature = try #require(key.sign(Self.message, by: .rsaSHA256))
        #expect(leaf.publicKey.verify(signature, of: Self.message, by: .rsaSHA256))
        let both = try Certificate.all(pem: try data("sns.pem") + data("root.pem"))
        #expect(both.count == 2)
        #expect(throws: KeyError.unreadable) { try Certificate.all(pem: Array("no".utf8)) }
    }

    @Test(arguments: DigestAlgorithm.allCases)
    func `pieces have the code and the digest of the whole`(_ algorithm: DigestAlgorithm) {
        let message = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        for keySize in [0, 1, 32, 64, 65, 200] {
            let bytes = [UInt8](repeating: 7, count: keySize)
            let key = MessageCodeKey(bytes, by: algorithm)
            let whole = MessageCode.of(message, key: bytes, by: algorithm)
            #expect(key.code(of: message) == whole)
            for cut in [0, 1, 500, 1000] {
                var stream = key.begin()
                stream.update(Array(message[..<cut]).span)
                stream.update(Array(message[..<0]).span)
                stream.update(Array(message[cut...]).span)
                #expect(stream.finish() == whole)
            }
        }
        var digest = DigestStream(algorithm)
        digest.update(Array(message[..<300]).span)
        digest.update(Array(message[300...]).span)
        #expect(digest.finish() == Digest.of(message, by: algorithm))
        // A stream that is not ended is let go of.
        let key = MessageCodeKey([1], by: algorithm)
        var left = key.begin()
        left.update(message.span)
    }

    @Test func `Base64 for URLs is strict`() {
        #expect(Base64URL.text(of: [0xfb, 0xff, 0xfe]) == "-__-")
        #expect(Base64URL.bytes(of: "-__-") == [0xfb, 0xff, 0xfe])
        #expect(Base64URL.text(of: [1]) == "AQ")
        for text in ["+__-", "-/_-", "AQ==", "AR", "A", "A Q"] {
            #expect(Base64URL.bytes(of: text) == nil, "\(text)")
        }
        #expect(Base64URL.bytes(of: "") == [])
    }
}
