import Primitives
import Security
import Testing
import Verification

/// Headers that are not as their senders write them: the negative cases of the vendors' own tests.
@Suite struct CandidateTests {
    private static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    private static let good = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

    private static func standard(_ signature: String, time: String = "1614265330") -> Sent {
        Sent(
            headers: [
                ("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"), ("webhook-timestamp", time),
                ("webhook-signature", signature),
            ],
            body: Array("{\"test\": 2432232314}".utf8),
            now: 1_614_265_330
        )
    }

    @Test(arguments: [
        good, "v2,abc \(good)", "v1,AAAA \(good)", "\(good) v1a,AAAA", "v1 \(good)", " \(good) ",
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE",
    ])
    func `one signature that fits is enough`(_ signature: String) throws {
        let verifier = try Setup.verifier("{ preset: standard, secret: \(Self.secret) }")
        #expect(Self.standard(signature).checked(by: verifier).isVerified)
    }

    @Test(arguments: [
        "", "v1,", "v1", ",", "v1,g0hM9SsE", String(good.prefix(8)), "v0,\(good.dropFirst(3))",
        "v1,AAAA v1,BBBB", "V1,\(good.dropFirst(3))", "\(good),\(good)", good.lowercased(),
        Array(repeating: "v1,AAAA", count: 64).joined(separator: " ") + " " + good,
        "v1a,\(good.dropFirst(3))",
    ])
    func `a header without one is refused`(_ signature: String) throws {
        let verifier = try Setup.verifier("{ preset: standard, secret: \(Self.secret) }")
        #expect(Self.standard(signature).checked(by: verifier).refusal != nil)
    }

    @Test(arguments: [
        "hello", "", "+1614265330", "1614265330.0", " 1614265330", "-1", "9999999999999999999999",
    ])
    func `a time that is none is refused`(_ time: String) throws {
        let verifier = try Setup.verifier("{ preset: standard, secret: \(Self.secret) }")
        let refusal = Self.standard(Self.good, time: time).checked(by: verifier).refusal
        #expect(refusal == .timestampInvalid || refusal == .signatureWrong)
    }

    @Test func `Svix may use the names of Standard Webhooks`() throws {
        let verifier = try Setup.verifier("{ preset: svix, secret: \(Self.secret) }")
        #expect(Self.standard(Self.good).checked(by: verifier).isVerified)
        let own = Self.standard(Self.good).with { sent in
            sent.headers = sent.headers.map {
                ($0.name.replacing("webhook-", with: "svix-"), $0.value)
            }
        }
        #expect(own.checked(by: verifier).isVerified)
        let mixed = own.with { $0.headers.append(("webhook-signature", "v1,AAAA")) }
        #expect(mixed.checked(by: verifier).isVerified, "the own name counts")
    }

    private static func stripe(_ header: String) -> Sent {
        Sent(headers: [("Stripe-Signature", header)], body: [123, 125], now: 1_614_265_330)
    }

    private static func stripeCode(_ time: String) -> String {
        Hex.text(
            of: MessageCode.of(
                Array("\(time).{}".utf8),
                key: Array("whsec_x_and_more".utf8),
                by: .sha256
            )
        )
    }

    @Test func `Stripe's list may have other versions and several signatures`() throws {
        let verifier = try Setup.verifier("{ preset: stripe, secret: whsec_x_and_more }")
        let code = Self.stripeCode("1614265330")
        for header in [
            "t=1614265330,v1=\(code)", "v1=00,t=1614265330,v1=\(code),v0=aa,v0=bb",
            "t=1614265330, v1=\(code)", "t=1614265330,v1=zz,v1=\(code)",
        ] {
            #expect(Self.stripe(header).checked(by: verifier).isVerified, "\(header)")
        }
        let future = Self.stripe("t=1614265331,v1=\(Self.stripeCode("1614265331"))")
        #expect(future.checked(by: verifier).isVerified)
    }

    @Test(arguments: [
        "t=", "t,v1=,v0=", ",,", "v0=CODE,t=1614265330", "t=1614265330", "v1=CODE",
        "t=1614265330,v1=", "t=1614265330,t=1614265330,v1=CODE", "t=1614265330;v1=CODE",
        "=,v1=CODE",
        "t=1614265330,v1=CODE,", "t=1614265330,v1",
    ])
    func `a list of Stripe's that is malformed is refused`(_ header: String) throws {
        let verifier = try Setup.verifier("{ preset: stripe, secret: whsec_x_and_more }")
        let code = Self.stripeCode("1614265330")
        let sent = Self.stripe(header.replacing("CODE", with: code))
        #expect(sent.checked(by: verifier).refusal != nil, "\(header)")
    }

    @Test func `several secrets count until their day`() throws {
        let verifier = try Setup.verifier(
            """
            preset: github
            secrets:
              - {secret: the-new-secret-of-2027, not_after: 2099-01-01}
              - {secret: the-old-secret-of-2026, not_after: "2027-01-15T08:00:00Z"}
            """
        )
        func sent(_ secret: String) -> Sent {
            let code = Hex.text(of: MessageCode.of([1, 2], key: Array(secret.utf8), by: .sha256))
            return Sent(headers: [("X-Hub-Signature-256", "sha256=\(code)")], body: [1, 2])
        }
        #expect(sent("the-new-secret-of-2027").checked(by: verifier).sender?.keyIndex == 0)
        // 1,800,000,000 is 2027-01-15T08:00:00Z.
        #expect(sent("the-old-secret-of-2026").checked(by: verifier).sender?.keyIndex == 1)
        let late = sent("the-old-secret-of-2026").checked(by: verifier, shift: 1)
        #expect(late.refusal == .signatureWrong)
    }

    @Test func `a list behind one prefix has several signatures`() throws {
        let verifier = try Setup.verifier("{ preset: outpost, secret: whsec_used_as_it_is }")
        let code = Hex.text(
            of: MessageCode.of([7], key: Array("whsec_used_as_it_is".utf8), by: .sha256)
        )
        for header in ["v0=\(code)", "v0=00,\(code)", "v0=\(code),00", "v0=00, v0=\(code)"] {
            let sent = Sent(headers: [("x-outpost-signature", header)], body: [7])
            #expect(sent.checked(by: verifier).isVerified, "\(header)")
        }
        for header in [code, "v1=\(code)", "v0=", "00,v1=\(code)"] {
            let sent = Sent(headers: [("x-outpost-signature", header)], body: [7])
            #expect(sent.checked(by: verifier).refusal != nil, "\(header)")
        }
    }
}
