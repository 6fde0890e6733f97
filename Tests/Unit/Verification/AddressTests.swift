import Primitives
import Testing
import Verification

@Suite struct AddressTests {
    @Test(arguments: [
        ("192.0.2.7", "192.0.2.0/24", true), ("192.0.3.7", "192.0.2.0/24", false),
        ("192.0.2.7", "192.0.2.7", true), ("192.0.2.8", "192.0.2.7", false),
        ("10.255.255.255", "10.0.0.0/8", true), ("11.0.0.0", "10.0.0.0/8", false),
        ("8.8.8.8", "0.0.0.0/0", true), ("2001:db8::1", "2001:db8::/32", true),
        ("2001:db9::1", "2001:db8::/32", false), ("2001:db8::1", "2001:DB8:0:0::1", true),
        ("::ffff:192.0.2.7", "192.0.2.0/24", true), ("192.0.2.7", "::ffff:192.0.2.0/120", true),
        ("192.0.3.7", "::ffff:192.0.2.0/120", false), ("192.0.2.7", "::/0", false),
        ("2001:db8::1", "0.0.0.0/0", false), ("[2001:db8::1]", "2001:db8::/127", true),
        ("fe80::1%eth0", "fe80::/10", true), ("192.0.2.130", "192.0.2.128/25", true),
        ("192.0.2.127", "192.0.2.128/25", false), ("::", "::/128", true),
    ])
    func `a block has its addresses`(_ address: String, _ block: String, _ isIn: Bool) throws {
        let client = try #require(IPAddress(address))
        #expect(try #require(IPBlock(block)).contains(client) == isIn)
    }

    @Test(arguments: [
        "", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.4/33", "1.2.3.4/-1", "1.2.3.4/",
        "1.2.3.4/a", ":::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "g::", "12345::",
        "::1.2.3", "::/129", "::ffff:1.2.3.4/95", "localhost", "1.2.3.4 ", "+1.2.3.4",
    ])
    func `what is no block is none`(_ text: String) { #expect(IPBlock(text) == nil) }

    @Test func `a sender whose address is not known is not in a list`() throws {
        let verifier = try Setup.verifier("{ preset: ip, allow: 0.0.0.0/0 }")
        #expect(verifier.phase == .head)
        #expect(Sent().checked(by: verifier).refusal == .addressNotListed)
        #expect(Sent(client: "1.2.3.4").checked(by: verifier).isVerified)
    }
}
