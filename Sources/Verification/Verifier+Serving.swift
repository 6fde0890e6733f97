internal import JSONWire

/// What a server asks of a verifier beside the decision itself.
extension Verifier {
    /// Whether a request may be refused by its head alone, before its body is read.
    package var mayDecideByHead: Bool {
        switch check {
        case .all(let parts): parts.contains(where: \.mayDecideByHead)
        case .any(let parts): parts.allSatisfy(\.mayDecideByHead)
        default: phase == .head
        }
    }

    /// What `WWW-Authenticate` says to who brought no credentials, or wrong ones; nil where the scheme has no such word.
    package var challenge: String? {
        switch check {
        case .basic: #"Basic realm="sluice", charset="UTF-8""#
        case .token(let check): Self.challenge(check.source, check.prefix)
        case .signature(let check):
            if case .token = check.scheme.algorithm, case .plain(let prefix, _) = check.scheme.form
            {
                Self.challenge(check.scheme.source, prefix)
            } else {
                nil
            }
        case .all(let parts), .any(let parts): parts.lazy.compactMap(\.challenge).first
        case .addresses, .message, .twilio, .sns: nil
        }
    }

    private static func challenge(_ source: RequestReference, _ prefix: [UInt8]) -> String? {
        guard source.fieldNames.contains(HeaderName("authorization")) else { return nil }
        let scheme = HeaderName(String(decoding: prefix, as: UTF8.self)).text
        return scheme.hasPrefix("bearer") ? #"Bearer realm="sluice""# : nil
    }

    /// Whether there are handshakes that are looked at in a stage.
    package func hasHandshakes(_ stage: HandshakeStage) -> Bool {
        profile.handshakes.contains { $0.isSigned == (stage == .verified) }
    }

    /// Whether a request may be a handshake that its sender does not sign, by its head alone.
    ///
    /// What its body would have to be is taken for granted.
    package func mayBeHandshake(_ request: SenderRequest) -> Bool {
        var context = CheckContext(request: request, ring: KeyRing(), now: 0)
        return profile.handshakes.contains { handshake in
            !handshake.isSigned && handshake.mayBeMeant(&context)
        }
    }
}

extension Handshake {
    /// Whether the head of a request is one of this handshake.
    fileprivate func mayBeMeant(_ context: inout CheckContext) -> Bool {
        guard methods.contains(context.request.method) else { return false }
        for (reference, condition) in conditions where !reference.needsBody {
            var text: String?
            do throws(VerificationRefusal) {
                text = try reference.text(&context) { _ in }
            } catch {
                return false
            }
            guard let text else { return false }
            switch condition {
            case .text(let wanted): if text != wanted { return false }
            case .anything: if text.isEmpty { return false }
            }
        }
        return true
    }
}
