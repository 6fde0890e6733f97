/// The kinds of checks.
indirect enum SenderCheck: Sendable {
    /// A signature or a shared secret, by a scheme.
    case signature(SignatureCheck)
    /// Name and password.
    case basic(BasicCheck)
    /// The sender's address.
    case addresses(AddressCheck)
    /// A JSON Web Token.
    case token(JWTCheck)
    /// An HTTP message signature.
    case message(MessageSignatureCheck)
    /// Twilio's signature.
    case twilio(TwilioCheck)
    /// A message of AWS SNS.
    case sns(SNSCheck)
    /// All of several.
    case all([Verifier])
    /// Any of several.
    case any([Verifier])

    /// Whether the body is needed.
    var needsBody: Bool {
        switch self {
        case .signature(let check): check.scheme.needsBody
        case .basic, .addresses: false
        case .token(let check): check.needsBody
        case .message(let check): check.components.contains(ContentDigest.name.text)
        case .twilio, .sns: true
        case .all(let parts), .any(let parts): parts.contains { $0.phase == .body }
        }
    }

    /// Whether key pairs are involved, whose mathematics take long.
    var isAsymmetric: Bool {
        switch self {
        case .signature(let check): !check.publicKeys.isEmpty
        case .basic, .addresses, .twilio: false
        case .token(let check): !check.publicKeys.isEmpty || check.keySetURL != nil
        case .message(let check): check.algorithm.signature != nil
        case .sns: true
        case .all(let parts), .any(let parts): parts.contains { $0.check.isAsymmetric }
        }
    }

    /// The header fields that are read; nil for all.
    var fieldNames: [HeaderName]? {
        switch self {
        case .signature(let check): return check.scheme.fieldNames
        case .basic: return [HeaderName("authorization")]
        case .addresses, .sns: return []
        case .token(let check): return check.source.fieldNames
        case .message: return nil
        case .twilio: return [TwilioCheck.header, TwilioCheck.contentType, TwilioCheck.id]
        case .all(let parts), .any(let parts):
            var names: [HeaderName] = []
            for part in parts {
                guard let some = part.check.fieldNames else { return nil }
                names += some
            }
            return names
        }
    }

    /// Where secrets stand in a request.
    var secretReferences: [RequestReference] {
        switch self {
        case .signature(let check):
            [check.scheme.source, check.scheme.alternative, check.scheme.once].compactMap { $0 }
        case .basic: [.header([HeaderName("authorization")])]
        case .addresses: []
        case .token(let check): [check.source]
        case .message: [.header([MessageSignature.signatureName])]
        case .twilio: [.header([TwilioCheck.header])]
        case .sns: JSONPath(".Signature").map { [.member($0)] } ?? []
        case .all(let parts), .any(let parts): parts.flatMap(\.check.secretReferences)
        }
    }

    /// Whether what is verified binds the whole body.
    var coversBody: Bool {
        switch self {
        case .signature(let check):
            check.scheme.algorithm != .token && check.scheme.template.references.contains(.body)
        case .basic, .addresses: false
        case .token(let check): check.needsBody
        case .message(let check): check.components.contains(ContentDigest.name.text)
        case .twilio, .sns: true
        case .all(let parts): parts.contains(where: \.coversBody)
        case .any(let parts): parts.allSatisfy(\.coversBody)
        }
    }

    /// Whether there are tokens that must not be seen again.
    var usesOnceTokens: Bool {
        switch self {
        case .signature(let check): check.scheme.once != nil
        case .message(let check): check.needsNonce
        case .all(let parts), .any(let parts): parts.contains(where: \.usesOnceTokens)
        default: false
        }
    }

    /// The key sets that are fetched.
    var keySetURLs: [String] {
        switch self {
        case .token(let check): check.keySetURL.map { [$0] } ?? []
        case .message(let check): check.keySetURL.map { [$0] } ?? []
        case .all(let parts), .any(let parts): parts.flatMap(\.keySetURLs)
        default: []
        }
    }

    /// Checks a request.
    func outcome(
        _ context: inout CheckContext,
        _ body: BodySource,
        _ name: String
    ) -> VerificationOutcome {
        do throws(CheckStop) {
            switch self {
            case .all(let parts): return Self.all(parts, &context, body, name)
            case .any(let parts): return Self.any(parts, &context, body)
            case .token(let check):
                let (keyIndex, id) = try check.check(&context, body)
                return .verified(VerifiedSender(name: name, keyIndex: keyIndex, id: id))
            case .message(let check):
                let (keyIndex, nonce) = try check.check(&context, body)
                return .verified(
                    VerifiedSender(
                        name: name,
                        keyIndex: keyIndex,
                        onceTokens: check.needsNonce ? nonce.map { [$0] } ?? [] : []
                    )
                )
            case .sns(let check):
                return .verified(VerifiedSender(name: name, id: try check.check(&context, body)))
            default: return plain(&context, body, name)
            }
        } catch {
            switch error {
            case .refused(let refusal): return .refused(refusal)
            case .needsKey(let need): return .needsKey(need)
            }
        }
    }

    /// The checks that never need a key first.
    private func plain(
        _ context: inout CheckContext,
        _ body: BodySource,
        _ name: String
    ) -> VerificationOutcome {
        do throws(VerificationRefusal) {
            switch self {
            case .signature(let check):
                let finding = try check.check(&context, body)
                return .verified(
                    VerifiedSender(
                        name: name,
                        keyIndex: finding.keyIndex,
                        id: finding.id,
                        onceTokens: finding.onceTokens
                    )
                )
            case .basic(let check):
                let index = try check.check(context.request, now: context.now)
                return .verified(VerifiedSender(name: name, keyIndex: index))
            case .addresses(let check):
                try check.check(context.request)
                return .verified(VerifiedSender(name: name))
            case .twilio(let check):
                let index = try check.check(&context, body)
                let id = context.request.value(of: TwilioCheck.id)
                return .verified(
                    VerifiedSender(
                        name: name,
                        keyIndex: index,
                        id: id.map { String(decoding: $0, as: UTF8.self) }
                    )
                )
            case .token, .message, .sns, .all, .any:
                return .refused(.credentialsWrong)
            }
        } catch {
            return .refused(error)
        }
    }

    private static func all(
        _ parts: [Verifier],
        _ context: inout CheckContext,
        _ body: BodySource,
        _ name: String
    ) -> VerificationOutcome {
        var keyIndex: Int?
        var id: String?
        var onceTokens: [String] = []
        for part in parts {
            switch part.check.outcome(&context, body, part.name) {
            case .verified(let sender):
                keyIndex = keyIndex ?? sender.keyIndex
                id = id ?? sender.id
                onceTokens += sender.onceTokens
            case let other: return other
            }
        }
        return .verified(
            VerifiedSender(name: name, keyIndex: keyIndex, id: id, onceTokens: onceTokens)
        )
    }

    private static func any(
        _ parts: [Verifier],
        _ context: inout CheckContext,
        _ body: BodySource
    ) -> VerificationOutcome {
        var need: KeyNeed?
        var reasons: [String] = []
        for part in parts {
            switch part.check.outcome(&context, body, part.name) {
            case .verified(let sender): return .verified(sender)
            case .needsKey(let wanted): need = need ?? wanted
            case .refused(let refusal): reasons.append("\(part.name): \(refusal.message)")
            }
        }
        if let need { return .needsKey(need) }
        return .refused(
            VerificationRefusal(
                .noneFits,
                "None of \(parts.count) verifiers takes it. \(reasons.joined(separator: " "))"
            )
        )
    }
}
