internal import JSONWire
package import Primitives
internal import Security

/// A question that a sender asks an address before it sends anything to it, and the answer it wants.
package struct Handshake: Sendable {
    /// Its name, for the ledger.
    package let name: String
    /// Whether its request must be verified before it is answered.
    package let isSigned: Bool
    /// The methods it comes with.
    package let methods: [String]

    /// The most bytes of an answer's body.
    package static let answerBytesMax = 1024
    /// The longest value of an answer's header.
    static let headerBytesMax = 256

    /// What a part of a request must be for the request to be this handshake.
    enum Condition: Sendable, Hashable {
        /// This text.
        case text(String)
        /// Anything but nothing.
        case anything
    }

    /// What an answer's body is.
    enum Body: Sendable {
        case nothing
        case text(EchoTemplate)
        case json(EchoTree)
    }

    let conditions: [(reference: RequestReference, condition: Condition)]
    /// What must be the configured token; nil where nothing must.
    let token: RequestReference?
    /// The configured token.
    let verifyToken: [UInt8]?
    let status: Int
    let headers: [(name: String, value: EchoTemplate)]
    let body: Body
    /// The URL that confirms the subscription once it is visited; nil for none.
    let visit: RequestReference?
    /// The secret of message codes in the answer, the newest.
    let secret: [UInt8]?

    /// The header fields it reads.
    var fieldNames: [HeaderName] {
        (conditions.map(\.reference) + headers.flatMap(\.value.references)
            + (token.map { [$0] } ?? [])).flatMap(\.fieldNames)
    }

    /// What a request is to this handshake.
    func outcome(_ context: inout CheckContext, _ source: BodySource) -> HandshakeOutcome {
        do throws(VerificationRefusal) {
            guard methods.contains(context.request.method), try isMeant(&context, source) else {
                return .none
            }
            if let token {
                let given = try token.text(&context, source) ?? ""
                guard let verifyToken, SecretBytes.areEqual(Array(given.utf8), verifyToken) else {
                    return .refused(name: name, status: 403)
                }
            }
            return try answer(&context, source)
        } catch {
            // What cannot be read as this handshake is none.
            return .none
        }
    }

    private func isMeant(
        _ context: inout CheckContext,
        _ source: BodySource
    ) throws(VerificationRefusal) -> Bool {
        for (reference, condition) in conditions {
            guard let text = try reference.text(&context, source) else { return false }
            switch condition {
            case .text(let wanted): if text != wanted { return false }
            case .anything: if text.isEmpty { return false }
            }
        }
        return true
    }

    private func answer(
        _ context: inout CheckContext,
        _ source: BodySource
    ) throws(VerificationRefusal) -> HandshakeOutcome {
        var answer = HandshakeAnswer(name: name, status: status)
        for header in headers {
            let value = try header.value.text(&context, source, secret)
            guard value.utf8.count <= Self.headerBytesMax,
                value.utf8.allSatisfy({ (0x20...0x7e).contains($0) })
            else { return .refused(name: name, status: 400) }
            answer.headers.append((header.name, value))
        }
        switch body {
        case .nothing: break
        case .text(let template):
            answer.body = Array(try template.text(&context, source, secret).utf8)
            answer.headers.append(("Content-Type", "text/plain; charset=utf-8"))
            answer.headers.append(("X-Content-Type-Options", "nosniff"))
        case .json(let tree):
            answer.body = try tree.value(&context, source, secret).jsonBytes
            answer.headers.append(("Content-Type", "application/json"))
            answer.headers.append(("X-Content-Type-Options", "nosniff"))
        }
        guard answer.body.count <= Self.answerBytesMax else {
            return .refused(name: name, status: 400)
        }
        if let visit {
            guard let url = try visit.text(&context, source), SNSCheck.isServiceURL(url) else {
                return .refused(name: name, status: 400)
            }
            answer.visit = url
        }
        return .answer(answer)
    }
}

/// The answer that a handshake wants.
package struct HandshakeAnswer: Sendable {
    /// The handshake's name.
    package let name: String
    /// The status.
    package let status: Int
    /// Header fields.
    package var headers: [(name: String, value: String)] = []
    /// The body: at most ``Handshake/answerBytesMax`` bytes.
    package var body: [UInt8] = []
    /// A URL to be asked with GET, once: that is how its sender knows that the address wants it; nil for none.
    ///
    /// It is an address of AWS SNS and nothing else.
    package var visit: String?
}

/// What a request is to the handshakes of a verifier.
package enum HandshakeOutcome: Sendable {
    /// It is none.
    case none
    /// It is one, and this is the answer.
    case answer(HandshakeAnswer)
    /// It is one that is not as it must be.
    case refused(name: String, status: Int)
}

extension Verifier {
    /// When handshakes are looked at.
    package enum HandshakeStage: Sendable, Hashable {
        /// Before a request is verified: those that their senders do not sign.
        case unverified
        /// After it was: those that they sign.
        case verified
    }

    /// Whether a request is a handshake, and the answer to it.
    ///
    /// A handshake starts nothing and changes nothing.
    package func handshake(
        _ request: SenderRequest,
        stage: HandshakeStage,
        now: WallTime,
        body: BodySource
    ) -> HandshakeOutcome {
        var context = CheckContext(request: request, ring: KeyRing(), now: now.milliseconds)
        for handshake in profile.handshakes where handshake.isSigned == (stage == .verified) {
            switch handshake.outcome(&context, body) {
            case .none: continue
            case let outcome: return outcome
            }
        }
        return .none
    }
}
