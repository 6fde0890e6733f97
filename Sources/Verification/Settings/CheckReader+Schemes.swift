internal import Documents
internal import Primitives
internal import Security

/// Schemes: where a signature stands and what is signed.
extension CheckReader {
    /// How the text is read where signatures stand.
    private enum Parse: String, CaseIterable {
        case plain, prefix, pairs, versions
    }

    /// The algorithms of schemes, by their words.
    private static let algorithms: [(name: String, algorithm: SignatureScheme.Algorithm)] = [
        ("hmac-sha256", .hmac(.sha256)), ("hmac-sha1", .hmac(.sha1)),
        ("hmac-sha384", .hmac(.sha384)), ("hmac-sha512", .hmac(.sha512)),
        ("ed25519", .signature(.ed25519)), ("ecdsa-p256-sha256", .signature(.ecdsaP256)),
        ("ecdsa-p256-sha256-raw", .signature(.ecdsaP256Raw)),
        ("rsa-sha256", .signature(.rsaSHA256)), ("rsa-sha512", .signature(.rsaSHA512)),
        ("rsa-pss-sha256", .signature(.rsaPSSSHA256)),
        ("rsa-pss-sha512", .signature(.rsaPSSSHA512)),
    ]

    /// Reads a scheme that compares a secret with what the request has.
    mutating func sharedToken() -> SignatureCheck? {
        let query = reader.string("query").map { RequestReference.query($0) }
        let form = form()
        let items = items()
        let id = reference("id")
        let source = source(orElse: query)
        let secrets = readSecrets(.raw, prefix: "", code: nil)
        guard let source, let form, let secrets else { return nil }
        let scheme = SignatureScheme(
            source: source,
            alternative: source == query ? nil : query,
            form: form,
            template: .body,
            algorithm: .token,
            encoding: .hex,
            timestamp: nil,
            id: id,
            once: nil,
            items: items,
            url: nil
        )
        return SignatureCheck(scheme: scheme, secrets: secrets, publicKeys: [])
    }

    /// Reads a scheme with a message code, or with a key pair.
    mutating func signature() -> SignatureCheck? {
        let usesKeys = reader.has("public_key")
        useAsymmetricForm(usesKeys)
        let algorithm = algorithm()
        let encoding = reader.oneOf("encoding", as: TextEncoding.self) ?? .hex
        let source = source(orElse: nil)
        let form = form()
        let template = template()
        let timestamp = timestamp()
        let (id, once, items, url) = (reference("id"), reference("once"), items(), url())
        let (secrets, publicKeys) = keys(algorithm)
        guard let algorithm, let source, let form, let template, let secrets, let publicKeys else {
            return nil
        }
        checkNames(template, timestamp, id)
        let scheme = SignatureScheme(
            source: source,
            alternative: nil,
            form: form,
            template: template,
            algorithm: algorithm,
            encoding: encoding,
            timestamp: timestamp,
            id: id,
            once: once,
            items: items,
            url: url
        )
        return SignatureCheck(scheme: scheme, secrets: secrets, publicKeys: publicKeys)
    }

    /// Takes what `asymmetric` says in the place of the rest, where there is a public key.
    private mutating func useAsymmetricForm(_ usesKeys: Bool) {
        guard let other = reader.node("asymmetric") else { return }
        guard usesKeys else {
            reader.note("key_prefix", "public_key")
            return
        }
        let whole = Node(.map(reader.entries), at: reader.position).merging(other)
        var changed = SettingsReader(
            whole,
            keyPath: reader.keyPath,
            diagnostics: reader.diagnostics,
            filling: reader.filling
        )
        changed.note("preset", "type", "asymmetric", "secret_encoding", "secret_prefix")
        reader = changed
    }

    private mutating func algorithm() -> SignatureScheme.Algorithm? {
        guard reader.has("algorithm") else { return .hmac(.sha256) }
        let word = reader.oneOf("algorithm", Self.algorithms.map(\.name))
        return Self.algorithms.first { $0.name == word }?.algorithm
    }

    private mutating func keys(
        _ algorithm: SignatureScheme.Algorithm?
    ) -> (secrets: [SecretKey]?, publicKeys: [CheckKey]?) {
        switch algorithm {
        case nil: return (nil, nil)
        case .signature(let signature)?:
            return ([], publicKeys(of: [signature.keyKind]))
        case .hmac(let digest)?:
            let encoding = reader.oneOf("secret_encoding", as: SecretEncoding.self) ?? .raw
            let prefix = reader.string("secret_prefix") ?? ""
            if reader.has("public_key") {
                reader.missing(
                    ["secret"],
                    "this sender signs with a secret, and has no `public_key`"
                )
            }
            return (readSecrets(encoding, prefix: prefix, code: digest), [])
        case .token?:
            return (readSecrets(.raw, prefix: "", code: nil), [])
        }
    }

    /// Reads where the signature stands: `header`, or `signature` for other places.
    mutating func source(orElse other: RequestReference?) -> RequestReference? {
        if let (text, node) = reader.stringAndNode("header") {
            reader.note("signature")
            guard let header = RequestReference.header(text) else {
                reader.mismatch(node, key: "header", expected: "the name of a header")
                return nil
            }
            return header
        }
        if reader.has("signature") { return reference("signature") }
        if let other { return other }
        reader.missing(
            ["header", "signature"],
            "the key `header` is missing, expected the header that the signature stands in"
        )
        return nil
    }

    /// Reads one reference, such as `{header.X}`; nil where there is none, or it is wrong, which is reported.
    mutating func reference(_ key: String) -> RequestReference? {
        guard let node = reader.node(key) else { return nil }
        guard let text = node.scalarText else {
            reader.mismatch(node, key: key, expected: "one of \(RequestReference.forms)")
            return nil
        }
        do throws(SignTemplate.Mistake) {
            if let reference = try SignTemplate(text).reference { return reference }
            reader.mismatch(node, key: key, expected: "one of \(RequestReference.forms)")
        } catch {
            reader.error(error.message, at: node.position, key: key)
        }
        return nil
    }

    private mutating func form() -> SignatureScheme.Form? {
        let prefix = reader.string("prefix")
        let separator = separator()
        let (key, version) = (reader.string("key"), reader.string("version"))
        let parse =
            reader.oneOf("parse", as: Parse.self)
            ?? (key != nil ? .pairs : version != nil ? .versions : prefix != nil ? .prefix : .plain)
        switch parse {
        case .plain, .prefix:
            return .plain(prefix: Array((prefix ?? "").utf8), separator: separator)
        case .pairs:
            guard let key, !key.isEmpty else {
                reader.missing("key", expected: "the name of the pair that is the signature")
                return nil
            }
            return .pairs(separator: separator ?? UInt8(ascii: ","), key: Array(key.utf8))
        case .versions:
            guard let version, !version.isEmpty else {
                reader.missing("version", expected: "the version of the signatures to check")
                return nil
            }
            return .versions(Array(version.utf8))
        }
    }

    private mutating func separator() -> UInt8? {
        guard let (text, node) = reader.stringAndNode("separator") else { return nil }
        guard let byte = text.utf8.first, text.utf8.count == 1, byte > 32, byte < 127,
            byte != UInt8(ascii: "=")
        else {
            reader.mismatch(node, key: "separator", expected: "one sign, such as `,` or `;`")
            return nil
        }
        return byte
    }

    private mutating func template() -> SignTemplate? {
        // Not filled at load: ${body.x} is a part of the request here.
        guard let node = reader.node("sign") else { return .body }
        guard let text = node.scalarText else {
            reader.mismatch(node, key: "sign", expected: "text such as `{timestamp}.{body}`")
            return nil
        }
        do throws(SignTemplate.Mistake) {
            return try SignTemplate(text)
        } catch {
            reader.error(error.message, at: node.position, key: "sign")
            return nil
        }
    }

    private mutating func timestamp() -> SignatureScheme.Timestamp? {
        guard var inner = reader.map("timestamp") else { return nil }
        let outer = reader
        reader = inner
        defer { reader = outer }
        let source = reference("from")
        inner = reader
        let unit = inner.oneOf("unit", as: SignatureScheme.Timestamp.Unit.self) ?? .seconds
        let tolerance = inner.duration("tolerance")
        let future = inner.oneOf("future", ["refuse", "accept"])
        if source == nil, !inner.has("from") {
            inner.missing("from", expected: "where it stands, such as `{header.X-Timestamp}`")
        }
        inner.finish()
        reader = inner
        return source.map {
            SignatureScheme.Timestamp(
                source: $0,
                unit: unit,
                tolerance: tolerance?.millisecondsRoundedUp,
                takesFuture: future == "accept"
            )
        }
    }

    private mutating func items() -> JSONPath? {
        guard let (text, node) = reader.stringAndNode("items") else { return nil }
        guard let path = JSONPath(text.hasPrefix("[") ? text[...] : ".\(text)"), !path.steps.isEmpty
        else {
            reader.mismatch(node, key: "items", expected: "the way to a list, such as `data.items`")
            return nil
        }
        return path
    }

    /// Reports parts of a template that nothing says where to find.
    private func checkNames(
        _ template: SignTemplate,
        _ timestamp: SignatureScheme.Timestamp?,
        _ id: RequestReference?
    ) {
        let position = reader.entries.first { $0.key == "sign" }?.value.position ?? reader.position
        if template.references.contains(.timestamp), timestamp == nil {
            reader.error(
                "`{timestamp}` is signed, and `timestamp` does not say where it stands",
                at: position,
                key: "sign"
            )
        }
        if template.references.contains(.id), id == nil {
            reader.error(
                "`{id}` is signed, and `id` does not say where it stands",
                at: position,
                key: "sign"
            )
        }
    }
}
