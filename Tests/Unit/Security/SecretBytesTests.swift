import Security
import Testing

@Suite struct SecretBytesTests {
    @Test func `equal bytes are equal, and nothing else is`() {
        let secret = Array("a-token-of-some-length".utf8)
        #expect(SecretBytes.areEqual(secret, secret))
        #expect(SecretBytes.areEqual([], []))
        #expect(!SecretBytes.areEqual(secret, []))
        #expect(!SecretBytes.areEqual(secret, Array(secret.dropLast())))
        for place in secret.indices {
            var other = secret
            other[place] ^= 1
            #expect(!SecretBytes.areEqual(secret, other))
        }
    }

    @Test func `random bytes are as many as asked for and never the same`() {
        #expect(SecretBytes.random(0).isEmpty)
        #expect(SecretBytes.random(-1).isEmpty)
        let samples = (0..<200).map { _ in SecretBytes.random(32) }
        #expect(samples.allSatisfy { $0.count == 32 })
        #expect(Set(samples).count == samples.count)
    }
}
