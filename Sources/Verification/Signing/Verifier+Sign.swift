internal import JSONWire
package import Primitives
package import Security

/// Why a request cannot be signed, as the rest of a sentence.
package struct SigningMistake: Error, Sendable, Hashable {
    /// What is wrong.
    package let message: String

    /// Makes it of what is wrong.
    package init(_ message: String) {
        self.message = message
    }
}

extension Verifier {
    /// Signs a request as its sender does, by the same table by which it is verified.
    ///
    /// - Parameters:
    ///   - request: The request, with the header fields that are signed too.
    ///   - body: The body that is sent.
    ///   - id: The message's id, for senders that have one in a header.
    ///   - now: When it is sent.
    ///   - privateKey: The key of senders that sign with a key pair; secrets are the verifier's own, the first of them.
    /// - Returns: The header fields to add, names in lower case.
    /// - Throws: ``SigningMistake``.
    package func sign(
        _ request: SenderRequest,
        body: [UInt8],
        id: String,
        now: WallTime,
        privateKey: PrivateKey? = nil
    ) throws(SigningMistake) -> [(name: String, value: String)] {
        switch check {
        case .signature(let check):
            let signer = SchemeSigner(check: check, privateKey: privateKey)
            return try signer.headers(request, body: body, id: id, now: now.milliseconds)
        case .basic(let check):
            let user = check.users.first.map { Base64.text(of: $0.bytes) } ?? ""
            return [("authorization", "Basic \(user)")]
        case .twilio(let check):
            return try check.sign(request, body: body)
        case .token(let check):
            return try check.sign(body: body, id: id, now: now.milliseconds, key: privateKey)
        case .message(let check):
            return try check.sign(request, body: body, now: now.milliseconds, key: privateKey)
        case .sns: throw SigningMistake("only AWS itself signs messages of SNS")
        case .addresses: return []
        case .all(let parts):
            var headers: [(name: String, value: String)] = []
            for part in parts {
                headers += try part.sign(
                    request,
                    body: body,
                    id: id,
                    now: now,
                    privateKey: privateKey
                )
            }
            return headers
        case .any(let parts):
            guard let first = parts.first else { return [] }
            return try first.sign(request, body: body, id: id, now: now, privateKey: privateKey)
        }
    }
}

/// Signs by a scheme.
struct SchemeSigner {
    /// The scheme and its secrets.
    let check: SignatureCheck
    /// The key of a key pair; nil for none.
    let privateKey: PrivateKey?

    /// The header fields that sign a request.
    func headers(
        _ request: SenderRequest,
        body: [UInt8],
        id: String,
        now: Int64
    ) throws(SigningMistake) -> [(name: String, value: String)] {
        let scheme = check.scheme
        guard case .header(let names) = scheme.source else {
            throw SigningMistake("this sender's signature stands in the \(scheme.source.place)")
        }
        var headers: [(name: String, value: String)] = []
        let time = scheme.timestamp.map { Self.text(of: now, $0.unit) } ?? ""
        if case .header(let names)? = scheme.id {
            headers.append((names[0].text, id))
        }
        if case .header(let names)? = scheme.timestamp?.source {
            headers.append((names[0].text, time))
        }
        let signature = try signature(request, body: body, id: id, time: time, now: now)
        headers.append((names[0].text, written(signature, time)))
        return headers
    }

    /// The value of the signature's header.
    private func written(_ signature: String, _ time: String) -> String {
        switch check.scheme.form {
        case .plain(let prefix, _): return String(decoding: prefix, as: UTF8.self) + signature
        case .versions(let version):
            return "\(String(decoding: version, as: UTF8.self)),\(signature)"
        case .pairs(let separator, let key):
            let pair = "\(String(decoding: key, as: UTF8.self))=\(signature)"
            guard case .part(let name)? = check.scheme.timestamp?.source else { return pair }
            return "\(name)=\(time)\(String(decoding: [separator], as: UTF8.self))\(pair)"
        }
    }

    private func signature(
        _ request: SenderRequest,
        body: [UInt8],
        id: String,
        time: String,
        now: Int64
    ) throws(SigningMistake) -> String {
        let scheme = check.scheme
        let secret = check.secrets.first
        if case .token = scheme.algorithm {
            return String(decoding: secret?.bytes ?? [], as: UTF8.self)
        }
        var message: [UInt8] = []
        for piece in scheme.template.pieces {
            switch piece {
            case .literal(let bytes): message += bytes
            case .reference(.body): message += body
            case .reference(.timestamp): message += Array(time.utf8)
            case .reference(.id): message += Array(id.utf8)
            case .reference(let reference):
                message += Array(try text(reference, request, body, now).utf8)
            }
        }
        switch scheme.algorithm {
        case .token: return ""
        case .hmac(let digest):
            let code = MessageCode.of(message, key: secret?.bytes ?? [], by: digest)
            return scheme.encoding.text(of: code)
        case .signature(let algorithm):
            guard let privateKey, let signature = privateKey.sign(message, by: algorithm) else {
                throw SigningMistake("this sender signs with a private key of its own kind")
            }
            return scheme.encoding.text(of: signature)
        }
    }

    private func text(
        _ reference: RequestReference,
        _ request: SenderRequest,
        _ body: [UInt8],
        _ now: Int64
    ) throws(SigningMistake) -> String {
        var context = CheckContext(request: request, ring: KeyRing(), now: now)
        do throws(VerificationRefusal) {
            let text = try reference.text(&context, { $0(body.span) }, url: check.scheme.url)
            if let text { return text }
        } catch {
            throw SigningMistake("what is signed is not there: \(error.message)")
        }
        if case .member = reference { return "" }
        throw SigningMistake("the \(reference.place), which is signed too, is not there")
    }

    /// A time as a sender writes it.
    static func text(of now: Int64, _ unit: SignatureScheme.Timestamp.Unit) -> String {
        switch unit {
        case .seconds: String(now / 1000)
        case .milliseconds: String(now)
        case .rfc3339: WallTime(milliseconds: now).rfc3339
        }
    }
}

extension TwilioCheck {
    /// The header field that signs a request.
    func sign(
        _ request: SenderRequest,
        body: [UInt8]
    ) throws(SigningMistake) -> [(name: String, value: String)] {
        let called = request.url(configured: url)
        let type = request.value(of: Self.contentType).map { String(decoding: $0, as: UTF8.self) }
        var suffix = ""
        if type?.lowercased().hasPrefix("application/x-www-form-urlencoded") == true {
            suffix = Self.joined(FormPairs.all(in: body) ?? [])
        } else if !body.isEmpty, !called.contains("bodySHA256=") {
            throw SigningMistake(
                "the body is no form: the URL needs bodySHA256="
                    + Hex.text(of: Digest.of(body, by: .sha256))
            )
        }
        let code = MessageCode.of(
            Array((called + suffix).utf8),
            key: secrets.first?.bytes ?? [],
            by: .sha1
        )
        return [(Self.header.text, Base64.text(of: code))]
    }
}

extension JWTCheck {
    /// How long a token is valid that is signed here, in seconds.
    private static let validSeconds: Int64 = 300

    /// The header field with a token for now.
    func sign(
        body: [UInt8],
        id: String,
        now: Int64,
        key: PrivateKey?
    ) throws(SigningMistake) -> [(name: String, value: String)] {
        guard case .header(let names) = source else {
            throw SigningMistake("this sender's token stands in the \(source.place)")
        }
        var payload: JSONObject = [
            "iat": .integer(now / 1000), "exp": .integer(now / 1000 + Self.validSeconds),
            "jti": .string(id),
        ]
        if let issuer = claims.issuers.first { payload["iss"] = .string(issuer) }
        if let audience = claims.audiences.first { payload["aud"] = .string(audience) }
        if let email = claims.emails.first {
            payload["email"] = .string(email)
            payload["email_verified"] = .bool(true)
        }
        for rule in claims.values { payload[rule.name] = rule.any.first ?? .null }
        if let hash = claims.bodyHash {
            payload[hash.claim] = .string(hash.encoding.text(of: Digest.of(body, by: hash.digest)))
        }
        guard let algorithm = algorithms.first else {
            throw SigningMistake("there is no algorithm")
        }
        let token = try Self.token(payload, algorithm, secrets.first, key)
        return [(names[0].text, String(decoding: prefix, as: UTF8.self) + token)]
    }

    private static func token(
        _ payload: JSONObject,
        _ algorithm: JWTAlgorithm,
        _ secret: SecretKey?,
        _ key: PrivateKey?
    ) throws(SigningMistake) -> String {
        let header: JSONObject = ["alg": .string(algorithm.rawValue), "typ": .string("JWT")]
        let parts = [header, payload].map {
            Base64URL.text(of: JSONValue.object($0).jsonBytes)
        }
        let signed = Array(parts.joined(separator: ".").utf8)
        let signature: [UInt8]?
        if let digest = algorithm.digest {
            signature = MessageCode.of(signed, key: secret?.bytes ?? [], by: digest)
        } else {
            signature = algorithm.signature.flatMap { key?.sign(signed, by: $0) }
        }
        guard let signature else {
            throw SigningMistake("\(algorithm.rawValue) needs a private key of its own kind")
        }
        return (parts + [Base64URL.text(of: signature)]).joined(separator: ".")
    }
}

extension MessageSignatureCheck {
    /// The header fields that sign a request, its digest among them.
    func sign(
        _ request: SenderRequest,
        body: [UInt8],
        now: Int64,
        key: PrivateKey?
    ) throws(SigningMistake) -> [(name: String, value: String)] {
        var whole = request
        var headers: [(name: String, value: String)] = []
        var wanted = components
        if components == Self.usualComponents, request.query?.isEmpty == false {
            wanted.append("@query")
        }
        if wanted.contains(ContentDigest.name.text) {
            headers.append((ContentDigest.name.text, ContentDigest.value(of: body)))
            whole.add(ContentDigest.name.text, ContentDigest.value(of: body))
        }
        let list = wanted.map(MessageComponent.init)
        var parameters = "(\(list.map(\.identifier).joined(separator: " ")));created=\(now / 1000)"
        if let id = keyIDs.first { parameters += ";keyid=\(MessageComponent.quoted(id))" }
        if needsNonce {
            let nonce = Base64URL.text(of: SecretBytes.random(16))
            parameters += ";nonce=\(MessageComponent.quoted(nonce))"
        }
        parameters += ";alg=\(MessageComponent.quoted(algorithm.rawValue))"
        if let tag { parameters += ";tag=\(MessageComponent.quoted(tag))" }
        let base: [UInt8]
        do throws(VerificationRefusal) {
            base = try MessageSignature.base(list, parameters, whole, url: url)
        } catch {
            throw SigningMistake(error.message)
        }
        let signature: [UInt8]?
        if let kind = algorithm.signature {
            signature = key?.sign(base, by: kind)
        } else {
            signature = secrets.first.map { MessageCode.of(base, key: $0.bytes, by: .sha256) }
        }
        guard let signature else {
            throw SigningMistake("\(algorithm.rawValue) needs a private key of its own kind")
        }
        let name = label ?? "sig1"
        return headers + [
            (MessageSignature.inputName.text, "\(name)=\(parameters)"),
            (MessageSignature.signatureName.text, "\(name)=:\(Base64.text(of: signature)):"),
        ]
    }
}
