internal import JSONWire
internal import Security

/// Checks JSON Web Tokens (RFC 7519, RFC 8725).
///
/// The algorithms are those of the configuration, and a key is only used with an algorithm of its own kind: a token that
/// says `none`, or is a message code made with a public key, meets no key at all.
struct JWTCheck: Sendable {
    /// Where the token stands.
    let source: RequestReference
    /// What stands before it there.
    let prefix: [UInt8]
    /// The algorithms that are taken.
    let algorithms: [JWTAlgorithm]
    /// The secrets of message codes.
    let secrets: [SecretKey]
    /// The public keys that are configured.
    let publicKeys: [CheckKey]
    /// Where further public keys are fetched; nil where they are not.
    let keySetURL: String?
    /// What the claims must say.
    let claims: ClaimRules

    /// Whether the body is needed.
    var needsBody: Bool { claims.bodyHash != nil }

    /// Checks a request.
    ///
    /// - Returns: Which key fits, nil for one that was fetched, and the token's id.
    /// - Throws: ``CheckStop``.
    func check(
        _ context: inout CheckContext,
        _ body: BodySource
    ) throws(CheckStop) -> (keyIndex: Int?, id: String?) {
        do {
            let token = try token(&context, body)
            let keyIndex = try fitting(token, context)
            if case .needed(let need) = keyIndex { throw CheckStop.needsKey(need) }
            try claims.check(token.claims, now: context.now)
            try checkBody(token.claims, context, body)
            return (keyIndex.index, token.claims["jti"]?.string)
        } catch let error as CheckStop {
            throw error
        } catch let error as VerificationRefusal {
            throw .refused(error)
        } catch {
            throw .refused(.credentialsWrong)
        }
    }

    private func token(
        _ context: inout CheckContext,
        _ body: BodySource
    ) throws(VerificationRefusal) -> JWTToken {
        let text: ArraySlice<UInt8>
        if case .header(let names) = source {
            text = try context.request.only(names)
        } else {
            guard let found = try source.text(&context, body) else {
                throw .signatureMissing(source.place)
            }
            text = Array(found.utf8)[...]
        }
        let reader = try CandidateReader(
            text,
            .plain(prefix: prefix, separator: nil),
            place: source.place
        )
        return try JWTToken(reader.candidates[0])
    }

    /// What became of the search for a key.
    private enum Fit {
        case configured(Int)
        case fetched
        case needed(KeyNeed)

        var index: Int? { if case .configured(let index) = self { index } else { nil } }
    }

    private func fitting(
        _ token: JWTToken,
        _ context: CheckContext
    ) throws(VerificationRefusal) -> Fit {
        guard let algorithm = token.algorithm, algorithms.contains(algorithm) else {
            throw VerificationRefusal(
                .algorithmRefused,
                "The token is signed by an algorithm that the configuration does not name."
            )
        }
        if let digest = algorithm.digest {
            return .configured(try fittingSecret(token, digest, context.now))
        }
        for (index, key) in publicKeys.enumerated()
        where key.isValid(at: context.now) && Self.fits(key, token, algorithm) {
            return .configured(index)
        }
        guard let keySetURL else { throw .signatureWrong(keys: publicKeys.count) }
        guard let set = context.ring.set(keySetURL) else {
            return .needed(KeyNeed(url: keySetURL, kind: .keySet, reason: .absent))
        }
        for key in set.keys where Self.fits(key, token, algorithm) { return .fetched }
        if let id = token.keyID, !set.keys.contains(where: { $0.id == id }) {
            return .needed(KeyNeed(url: keySetURL, kind: .keySet, reason: .unknownKey))
        }
        throw .signatureWrong(keys: set.keys.count + publicKeys.count)
    }

    private func fittingSecret(
        _ token: JWTToken,
        _ digest: DigestAlgorithm,
        _ now: Int64
    ) throws(VerificationRefusal) -> Int {
        for (index, secret) in secrets.enumerated() where secret.isValid(at: now) {
            let expected = MessageCode.of(token.signed.span, key: secret.bytes, by: digest)
            if SecretBytes.areEqual(expected, token.signature) { return index }
        }
        throw .signatureWrong(keys: secrets.count)
    }

    private static func fits(
        _ key: CheckKey,
        _ token: JWTToken,
        _ algorithm: JWTAlgorithm
    ) -> Bool {
        if let id = key.id, let wanted = token.keyID, id != wanted { return false }
        if let only = key.algorithm, only != algorithm.rawValue { return false }
        guard let signature = algorithm.signature else { return false }
        return key.key.verify(token.signature, of: token.signed.span, by: signature)
    }

    private func checkBody(
        _ claims: JSONObject,
        _ context: CheckContext,
        _ body: BodySource
    ) throws(VerificationRefusal) {
        guard let rule = self.claims.bodyHash else { return }
        guard let text = claims[rule.claim]?.string,
            let given = rule.encoding.bytes(of: Array(text.utf8)[...])
        else {
            throw VerificationRefusal(.claimWrong, "The token has no hash of the body.")
        }
        guard SecretBytes.areEqual(given, context.digest(body, by: rule.digest)) else {
            throw VerificationRefusal(
                .bodyChanged,
                "The body is not the one that the token is for."
            )
        }
    }
}
