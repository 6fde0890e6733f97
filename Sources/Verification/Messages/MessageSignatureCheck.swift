internal import JSONWire
internal import Security

/// The algorithms of HTTP message signatures (RFC 9421, section 3.3).
enum MessageAlgorithm: String, Sendable, CaseIterable {
    case hmacSHA256 = "hmac-sha256"
    case ed25519
    case ecdsaP256 = "ecdsa-p256-sha256"
    case rsaPSS = "rsa-pss-sha512"
    case rsaPKCS1 = "rsa-v1_5-sha256"

    /// The algorithm of a key pair; nil for message codes.
    var signature: SignatureAlgorithm? {
        switch self {
        case .hmacSHA256: nil
        case .ed25519: .ed25519
        case .ecdsaP256: .ecdsaP256Raw
        case .rsaPSS: .rsaPSSSHA512
        case .rsaPKCS1: .rsaSHA256
        }
    }
}

/// Checks HTTP message signatures (RFC 9421) with the digest of the body (RFC 9530).
///
/// A signature covers what its sender chose; what it must cover here is the configuration's, and by default binds method,
/// path and body.
struct MessageSignatureCheck: Sendable {
    /// The algorithm, which the configuration pins.
    let algorithm: MessageAlgorithm
    /// The secrets of message codes.
    let secrets: [SecretKey]
    /// The public keys that are configured.
    let publicKeys: [CheckKey]
    /// Where further public keys are fetched; nil where they are not.
    let keySetURL: String?
    /// The ids of the keys that are taken; empty for any.
    let keyIDs: [String]
    /// The label that is looked at; nil for all.
    let label: String?
    /// What the parameter `tag` must be; nil for anything.
    let tag: String?
    /// The components that a signature must cover.
    let components: [String]
    /// How long ago it may have been made, in milliseconds; nil for any time.
    let ageMax: Int64?
    /// Whether it must have a nonce, which must not be seen again.
    let needsNonce: Bool
    /// The URL that senders call, as configured.
    let url: String?

    /// What a signature covers at least, where the configuration does not say.
    static let usualComponents = ["@method", "@path", "content-digest"]
    /// How far the clock of a sender may be ahead, in milliseconds.
    private static let aheadMax: Int64 = 60_000

    /// Checks a request: one signature that fits and covers enough is enough.
    ///
    /// - Returns: Which key fits, nil for one that was fetched, and the nonce.
    /// - Throws: ``CheckStop``.
    func check(
        _ context: inout CheckContext,
        _ body: BodySource
    ) throws(CheckStop) -> (keyIndex: Int?, nonce: String?) {
        do {
            let all = try MessageSignature.all(in: context.request)
            var refusal = VerificationRefusal.signatureMissing("request")
            for signature in all where label == nil || signature.label == label {
                do {
                    try judge(
                        signature,
                        context.now,
                        hasQuery: context.request.query?.isEmpty == false
                    )
                    let base = try signature.base(context.request, url: url)
                    let fit = try fitting(signature, base, context)
                    if case .needed(let need) = fit { throw CheckStop.needsKey(need) }
                    if signature.components.contains(where: { $0.name == ContentDigest.name.text })
                    {
                        try ContentDigest.check(context, body)
                    }
                    return (fit.index, nonce(of: signature))
                } catch let error as VerificationRefusal {
                    refusal = error
                }
            }
            throw refusal
        } catch let stop as CheckStop {
            throw stop
        } catch let refusal as VerificationRefusal {
            throw .refused(refusal)
        } catch {
            throw .refused(.credentialsWrong)
        }
    }

    private func nonce(of signature: MessageSignature) -> String? {
        if case .string(let nonce)? = signature["nonce"] { nonce } else { nil }
    }

    /// Judges what a signature covers and its parameters, before anything is computed.
    private func judge(
        _ signature: MessageSignature,
        _ now: Int64,
        hasQuery: Bool
    ) throws(VerificationRefusal) {
        var wanted = components
        // The query is a part of what is asked for, where there is one.
        if hasQuery, components == Self.usualComponents { wanted.append("@query") }
        for wanted in wanted
        where !signature.components.contains(where: { $0.covers(wanted) }) {
            throw VerificationRefusal(.notCovered, "The signature does not cover \(wanted).")
        }
        if let given = signature["alg"], given != .string(algorithm.rawValue) {
            throw VerificationRefusal(
                .algorithmRefused,
                "The signature names an algorithm that is not the configured one."
            )
        }
        if let tag, signature["tag"] != .string(tag) {
            throw VerificationRefusal(.claimWrong, "The signature has another tag.")
        }
        if !keyIDs.isEmpty {
            guard case .string(let id)? = signature["keyid"], keyIDs.contains(id) else {
                throw VerificationRefusal(.keyUnknown, "The signature is of another key.")
            }
        }
        if needsNonce, nonce(of: signature)?.isEmpty ?? true {
            throw VerificationRefusal(.claimWrong, "The signature has no nonce.")
        }
        try judgeTimes(signature, now)
    }

    private func judgeTimes(
        _ signature: MessageSignature,
        _ now: Int64
    ) throws(VerificationRefusal) {
        if let expires = signature["expires"] {
            guard case .integer(let seconds) = expires else {
                throw VerificationRefusal(.timestampInvalid, "The parameter expires is no time.")
            }
            guard now <= seconds * 1000 else {
                throw VerificationRefusal(.tooOld, "The signature has expired.")
            }
        }
        guard case .integer(let created)? = signature["created"] else {
            guard ageMax == nil else {
                throw VerificationRefusal(
                    .timestampInvalid,
                    "The signature does not say when it was made."
                )
            }
            return
        }
        guard created * 1000 - now <= Self.aheadMax else {
            throw VerificationRefusal(.tooNew, "The signature was made in the future.")
        }
        if let ageMax {
            try SigningTime.judge(created * 1000, tolerance: ageMax, takesFuture: true, now: now)
        }
    }

    /// What became of the search for a key.
    private enum Fit {
        case configured(Int)
        case fetched
        case needed(KeyNeed)

        var index: Int? { if case .configured(let index) = self { index } else { nil } }
    }

    private func fitting(
        _ signature: MessageSignature,
        _ base: [UInt8],
        _ context: CheckContext
    ) throws(VerificationRefusal) -> Fit {
        guard let kind = algorithm.signature else {
            for (index, secret) in secrets.enumerated() where secret.isValid(at: context.now) {
                let code = MessageCode.of(base, key: secret.bytes, by: .sha256)
                if SecretBytes.areEqual(code, signature.bytes) { return .configured(index) }
            }
            throw .signatureWrong(keys: secrets.count)
        }
        func fits(_ key: CheckKey) -> Bool {
            if let id = key.id, case .string(let wanted)? = signature["keyid"], id != wanted {
                return false
            }
            return key.key.verify(signature.bytes, of: base, by: kind)
        }
        for (index, key) in publicKeys.enumerated()
        where key.isValid(at: context.now) && fits(key) {
            return .configured(index)
        }
        guard let keySetURL else { throw .signatureWrong(keys: publicKeys.count) }
        guard let set = context.ring.set(keySetURL) else {
            return .needed(KeyNeed(url: keySetURL, kind: .keySet, reason: .absent))
        }
        if set.keys.contains(where: fits) { return .fetched }
        if case .string(let id)? = signature["keyid"], !set.keys.contains(where: { $0.id == id }) {
            return .needed(KeyNeed(url: keySetURL, kind: .keySet, reason: .unknownKey))
        }
        throw .signatureWrong(keys: set.keys.count + publicKeys.count)
    }
}
