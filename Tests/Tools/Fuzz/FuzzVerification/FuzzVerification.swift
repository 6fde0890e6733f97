internal import Documents
internal import Primitives
internal import Verification

/// Shows arbitrary bytes to every kind of verifier, as header, as query and as body: each has a reason, or wants a key.
@c(LLVMFuzzerTestOneInput)
public func fuzzVerification(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let input = unsafe Array(UnsafeBufferPointer(start: bytes, count: count))
    // A first line for the headers, the rest for the body; the whole of it where there is no line.
    let end = input.firstIndex(of: 10) ?? input.count
    let line = String(decoding: input[..<end], as: UTF8.self)
    let body = Array(input[min(end + 1, input.count)...])
    var request = SenderRequest(
        method: body.isEmpty ? "GET" : "POST",
        target: "/?\(line)",
        authority: "localhost"
    )
    for name in Verifiers.headers { request.add(name, line) }
    for verifier in Verifiers.all {
        let now = WallTime(milliseconds: 1_800_000_000_000)
        switch verifier.check(request, body: body.span, now: now) {
        case .verified: preconditionFailure("\(verifier.name) takes what nobody signed")
        case .refused(let refusal): precondition(refusal.message.hasSuffix("."), "no reason")
        case .needsKey(let need): precondition(need.url.hasPrefix("https://"), "no place")
        }
        for stage in [Verifier.HandshakeStage.unverified, .verified] {
            if case .answer(let answer) = verifier.handshake(
                request,
                stage: stage,
                now: now,
                body: {
                    $0(body.span)
                }
            ) {
                precondition(answer.body.count <= Handshake.answerBytesMax, "too long an echo")
            }
        }
        _ = verifier.explain(request, body: body, now: now)
    }
    return 0
}

/// One verifier of each kind.
enum Verifiers {
    /// The fields that they read.
    static let headers = [
        "webhook-id", "webhook-timestamp", "webhook-signature", "stripe-signature", "authorization",
        "signature", "signature-input", "content-digest", "x-twilio-signature", "content-type",
        "x-outpost-signature", "webhook-request-origin",
    ]

    /// The verifiers.
    static let all: [Verifier] = [
        "{ preset: standard, secret: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw }",
        "{ preset: stripe, secret: a-secret-of-sixteen }",
        "{ preset: outpost, secret: a-secret-of-sixteen }",
        "{ preset: mailgun, secret: a-secret-of-sixteen }",
        "{ preset: adyen, secret: 44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056 }",
        "{ preset: twilio, secret: a-secret-of-sixteen }",
        "{ preset: basic, username: a, password: a-long-password }",
        "{ preset: cloudevents, secret: a-secret-of-sixteen }",
        "{ preset: event-grid, secret: a-secret-of-sixteen }",
        "{ preset: sns, topics: a }",
        "{ preset: jwt, algorithms: [HS256], secret: a-secret-of-sixteen }",
        "{ preset: google-pubsub, audience: me }",
        "{ preset: http-signature, algorithm: hmac-sha256, secret: a-secret-of-sixteen }",
        "{ preset: http-signature, algorithm: hmac-sha256, secret: a-secret-of-sixteen, components: [date] }",
        "{ header: stripe-signature, sign: '{body.a[0]}{query.b}', items: c, secret: a-secret-of-sixteen }",
    ].compactMap { yaml in
        let diagnostics = Diagnostics()
        let node = YAMLReader.read(yaml, file: "fuzz.yml", diagnostics: diagnostics).first
        return node.flatMap { VerifierReader(diagnostics: diagnostics).read($0) }
    }
}
