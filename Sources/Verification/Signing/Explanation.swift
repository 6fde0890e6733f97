package import Primitives
internal import Security

/// What a check found, step by step, for people at their own console: never for a sender.
package struct VerificationExplanation: Sendable {
    /// One step.
    package struct Step: Sendable, Hashable {
        /// Whether it fits.
        package let isGood: Bool
        /// What was looked at and found, as a sentence.
        package let message: String
    }

    /// What came out.
    package let outcome: VerificationOutcome
    /// The steps, in order.
    package let steps: [Step]
    /// What would fit in the place of what is there.
    package let hints: [String]
}

extension Verifier {
    /// Checks a request and says which part does not fit.
    package func explain(
        _ request: SenderRequest,
        body: [UInt8],
        ring: KeyRing = KeyRing(),
        now: WallTime
    ) -> VerificationExplanation {
        let outcome = check(request, body: body.span, ring: ring, now: now)
        var explainer = Explainer(request: request, body: body, now: now.milliseconds)
        explainer.look(at: check)
        var hints: [String] = []
        if case .refused(let refusal) = outcome, refusal.kind == .signatureWrong,
            case .signature(let check) = check
        {
            hints = explainer.hints(check)
        }
        return VerificationExplanation(outcome: outcome, steps: explainer.steps, hints: hints)
    }
}

/// Looks at the parts of a request one by one.
private struct Explainer {
    let request: SenderRequest
    let body: [UInt8]
    let now: Int64
    var steps: [VerificationExplanation.Step] = []

    mutating func add(_ isGood: Bool, _ message: String) {
        steps.append(.init(isGood: isGood, message: message))
    }

    /// Looks at what a check reads.
    mutating func look(at check: SenderCheck) {
        for names in Self.headers(check) {
            let found = names.first { request.value(of: $0) != nil }
            let all = names.map(\.text).joined(separator: " or ")
            switch found.map({ request.count(of: $0) }) {
            case nil: add(false, "There is no header \(all).")
            case 1?: add(true, "The header \(found?.text ?? all) is there.")
            case let count?: add(false, "The header \(found?.text ?? all) is there \(count) times.")
            }
        }
        if case .signature(let check) = check {
            lookAtSignatures(check.scheme)
            lookAtTime(check.scheme)
        }
        if case .twilio(let check) = check {
            add(true, "The URL that is signed is \(request.url(configured: check.url)).")
        }
    }

    /// The header fields that a request must have, each by the names of which one is enough.
    private static func headers(_ check: SenderCheck) -> [[HeaderName]] {
        switch check {
        case .signature(let check):
            let scheme = check.scheme
            let signed = scheme.algorithm == .token ? [] : scheme.template.references
            let id = signed.contains(.id) ? scheme.id : nil
            let all = [scheme.source, scheme.timestamp?.source, id].compactMap { $0 } + signed
            return all.map(\.fieldNames).filter { !$0.isEmpty }
        case .message: return [[MessageSignature.inputName], [MessageSignature.signatureName]]
        case .twilio: return [[TwilioCheck.header]]
        case .basic, .token: return (check.fieldNames ?? []).map { [$0] }
        case .addresses, .sns, .all, .any: return []
        }
    }

    private func reader(_ scheme: SignatureScheme) throws(VerificationRefusal) -> CandidateReader {
        var context = CheckContext(request: request, ring: KeyRing(), now: now)
        guard let text = try scheme.source.text(&context, { $0(body.span) }) else {
            throw .signatureMissing(scheme.source.place)
        }
        return try CandidateReader(
            Array(text.utf8)[...],
            scheme.form,
            place: scheme.source.place
        )
    }

    private mutating func lookAtSignatures(_ scheme: SignatureScheme) {
        guard scheme.items == nil else { return }
        do throws(VerificationRefusal) {
            let reader = try reader(scheme)
            let count = reader.candidates.count
            add(true, "It has \(count) signature\(count == 1 ? "" : "s") to check.")
            if case .token = scheme.algorithm { return }
            let readable = reader.candidates.count { scheme.encoding.bytes(of: $0) != nil }
            if readable < count {
                add(false, "\(count - readable) of them are not in \(scheme.encoding.rawValue).")
            }
        } catch {
            add(false, error.message)
        }
    }

    private mutating func lookAtTime(_ scheme: SignatureScheme) {
        guard let rule = scheme.timestamp, scheme.items == nil else { return }
        var context = CheckContext(request: request, ring: KeyRing(), now: now)
        do throws(VerificationRefusal) {
            var text = try rule.source.text(&context, { $0(body.span) })
            if case .part(let name) = rule.source {
                text = try reader(scheme).part(name).map { String(decoding: $0, as: UTF8.self) }
            }
            guard let text, let time = SigningTime.milliseconds(Array(text.utf8)[...], rule.unit)
            else { return add(false, "The \(rule.source.place) is no time.") }
            let age = (now &- time) / 1000
            let taken =
                rule.tolerance.map { "at most \($0 / 1000) s are taken" } ?? "any age is taken"
            let isGood = rule.tolerance.map { (now &- time).magnitude <= $0.magnitude } ?? true
            add(isGood, "It was signed \(age) s ago; \(taken).")
        } catch {
            add(false, error.message)
        }
    }

    /// Bodies and secrets that are easily mistaken for others.
    func hints(_ check: SignatureCheck) -> [String] {
        var hints: [String] = []
        for (name, other) in bodies where fits(check, other, check.secrets) {
            hints.append("The signature fits the body \(name).")
        }
        guard case .hmac(let digest) = check.scheme.algorithm else { return hints }
        for secret in check.secrets {
            for (name, bytes) in Self.secrets(secret.bytes) {
                let key = SecretKey(
                    bytes: bytes,
                    notAfter: nil,
                    code: MessageCodeKey(bytes, by: digest)
                )
                if fits(check, body, [key]) {
                    hints.append("The signature fits the secret \(name).")
                }
            }
        }
        return hints
    }

    private func fits(_ check: SignatureCheck, _ body: [UInt8], _ secrets: [SecretKey]) -> Bool {
        let other = SignatureCheck(
            scheme: check.scheme,
            secrets: secrets,
            publicKeys: check.publicKeys
        )
        var context = CheckContext(request: request, ring: KeyRing(), now: now)
        do throws(VerificationRefusal) {
            _ = try other.check(&context) { $0(body.span) }
            return true
        } catch {
            // What does not fit is no hint.
            return false
        }
    }

    private var bodies: [(name: String, bytes: [UInt8])] {
        let text = String(decoding: body, as: UTF8.self)
        var all: [(name: String, bytes: [UInt8])] = [
            ("with a line end after it", body + [10]),
            ("with CR and LF after it", body + [13, 10]),
            ("without anything in it", []),
        ]
        if body.last == 10 {
            let without = body.dropLast(body.dropLast().last == 13 ? 2 : 1)
            all.append(("without its last line end", Array(without)))
        }
        if text.contains("\r\n") {
            all.append(
                ("with LF for its line ends", Array(text.replacing("\r\n", with: "\n").utf8))
            )
        } else if text.contains("\n") {
            all.append(
                ("with CR and LF for its line ends", Array(text.replacing("\n", with: "\r\n").utf8))
            )
        }
        return all
    }

    private static func secrets(_ bytes: [UInt8]) -> [(name: String, bytes: [UInt8])] {
        var all: [(name: String, bytes: [UInt8])] = []
        var text = bytes
        while text.last.map({ $0 <= 32 }) == true { text.removeLast() }
        if text.count < bytes.count { all.append(("without the blanks behind it", text)) }
        if let decoded = Base64Text.bytes(of: text.span) { all.append(("read as Base64", decoded)) }
        if let decoded = Hex.bytes(of: text.span) { all.append(("read as hex", decoded)) }
        let prefix = Array("whsec_".utf8)
        if text.starts(with: prefix) {
            let rest = Array(text.dropFirst(prefix.count))
            all.append(("without whsec_", rest))
            if let decoded = Base64Text.bytes(of: rest.span) {
                all.append(("without whsec_ and read as Base64", decoded))
            }
        }
        all.append(("written in Base64", Array(Base64Text.text(of: bytes).utf8)))
        all.append(
            ("written in Base64 behind whsec_", prefix + Array(Base64Text.text(of: bytes).utf8))
        )
        all.append(("written in hex", Array(Hex.text(of: bytes).utf8)))
        return all
    }
}
