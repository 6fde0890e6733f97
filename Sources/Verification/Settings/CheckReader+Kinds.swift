internal import Documents
internal import JSONWire
internal import Primitives
internal import Security

/// The checks that are no schemes.
extension CheckReader {
    /// Reads names and passwords.
    mutating func basic() -> BasicCheck? {
        var users: [SecretKey] = []
        var isWhole = true
        if reader.has("username") || reader.has("password") {
            if let user = user(&reader) { users.append(user) } else { isWhole = false }
        } else {
            reader.note("username", "password")
        }
        for var inner in (reader.maps("users") ?? []).prefix(64) {
            if let user = user(&inner) { users.append(user) } else { isWhole = false }
            inner.finish()
        }
        guard isWhole else { return nil }
        guard !users.isEmpty else {
            reader.missing(
                ["username", "users"],
                "the keys `username` and `password` are missing"
            )
            return nil
        }
        return BasicCheck(users: users)
    }

    private func user(_ reader: inout SettingsReader) -> SecretKey? {
        let notAfter = Self.notAfter(&reader)
        let name = reader.requiredString("username", expected: "the name that the sender has")
        guard reader.node("password") != nil else {
            reader.missing("password", expected: "the password that the sender has")
            return nil
        }
        guard let name, let (password, node) = reader.stringAndNode("password") else { return nil }
        guard !password.isEmpty, !name.contains(":") else {
            reader.error(
                password.isEmpty ? "the password is empty" : "a name cannot have a colon",
                at: node.position,
                key: password.isEmpty ? "password" : "username"
            )
            return nil
        }
        if password.utf8.count < 8 {
            reader.diagnostics.advise(
                "the password has \(password.utf8.count) bytes; with fewer than 8 it can be guessed",
                at: node.position,
                keyPath: reader.path("password")
            )
        }
        return SecretKey(bytes: Array("\(name):\(password)".utf8), notAfter: notAfter, code: nil)
    }

    /// Reads a list of addresses.
    mutating func addresses() -> AddressCheck? {
        guard reader.node("allow") != nil else {
            reader.missing("allow", expected: "addresses or blocks such as `192.0.2.0/24`")
            return nil
        }
        var blocks: [IPBlock] = []
        var isWhole = true
        for node in reader.settings("allow") ?? [] {
            guard let block = node.scalarText.flatMap(IPBlock.init) else {
                reader.mismatch(
                    node,
                    key: "allow",
                    expected: "an address or a block such as `192.0.2.0/24` or `2001:db8::/32`"
                )
                isWhole = false
                continue
            }
            blocks.append(block)
        }
        if isWhole, blocks.isEmpty {
            reader.error("the list is empty: nobody could send", at: reader.position, key: "allow")
            return nil
        }
        return isWhole ? AddressCheck(blocks: blocks) : nil
    }

    /// Reads what an HTTP message signature must be.
    mutating func message() -> MessageSignatureCheck? {
        let algorithm = reader.oneOf("algorithm", as: MessageAlgorithm.self)
        if algorithm == nil, !reader.has("algorithm") {
            reader.missing(
                "algorithm",
                expected:
                    "one of \(MessageAlgorithm.allCases.map(\.rawValue).joined(separator: ", "))"
            )
        }
        let encoding = reader.oneOf("secret_encoding", as: SecretEncoding.self) ?? .raw
        let keySetURL = keySetURL()
        var secrets: [SecretKey]? = []
        var publicKeys: [CheckKey]? = []
        if let kind = algorithm?.signature?.keyKind {
            publicKeys =
                keySetURL == nil ? self.publicKeys(of: [kind]) : optionalPublicKeys(of: [kind])
        } else if algorithm != nil {
            secrets = readSecrets(encoding, prefix: "", code: nil)
        }
        let (keyIDs, label, tag) = (
            reader.texts("key_ids") ?? [], reader.string("label"), reader.string("tag")
        )
        let components = reader.texts("components")
        let ageMax = reader.duration("max_age", default: .seconds(300))
        let needsNonce = reader.bool("nonce", default: false)
        let url = url()
        checkComponents(components ?? [])
        guard let algorithm, let secrets, let publicKeys else { return nil }
        return MessageSignatureCheck(
            algorithm: algorithm,
            secrets: secrets,
            publicKeys: publicKeys,
            keySetURL: algorithm.signature == nil ? nil : keySetURL,
            keyIDs: keyIDs,
            label: label,
            tag: tag,
            components: components ?? MessageSignatureCheck.usualComponents,
            ageMax: ageMax.millisecondsRoundedUp,
            needsNonce: needsNonce,
            url: url
        )
    }

    private func checkComponents(_ components: [String]) {
        let known: Set = [
            "@method", "@target-uri", "@authority", "@scheme", "@request-target", "@path", "@query",
        ]
        let node = reader.entries.first { $0.key == "components" }?.value
        for name in components
        where name != name.lowercased() || name.hasPrefix("@") && !known.contains(name) {
            reader.error(
                "`\(name.clipped)` is no component of a request",
                at: node?.position ?? reader.position,
                key: "components",
                suggestion: NearestName.suggest(name, among: known.sorted())
            )
        }
        if let node, !components.contains(ContentDigest.name.text) {
            reader.diagnostics.advise(
                "without content-digest among the components a signature says nothing of the body",
                at: node.position,
                keyPath: reader.path("components")
            )
        }
    }

    /// Reads what a message of AWS SNS must be.
    mutating func sns() -> SNSCheck? {
        let topics = reader.texts("topics") ?? []
        let versions = reader.texts("signature_versions") ?? ["1", "2"]
        let roots = certificateRoots()
        for version in versions where !["1", "2"].contains(version) {
            reader.error(
                "found `\(version.clipped)`, expected `1` or `2`",
                at: reader.position,
                key: "signature_versions"
            )
        }
        if topics.isEmpty {
            reader.diagnostics.advise(
                "without `topics` the messages of all customers of SNS are taken",
                at: reader.position,
                keyPath: reader.keyPath
            )
        }
        return roots.map { SNSCheck(topics: topics, versions: versions, roots: $0) }
    }

    /// Reads what a JSON Web Token must be.
    mutating func token() -> JWTCheck? {
        let query = reader.string("query").map { RequestReference.query($0) }
        let hasHeader = reader.has("header")
        let source =
            hasHeader ? self.source(orElse: nil) : query ?? .header([HeaderName("authorization")])
        let prefix = reader.string("prefix") ?? (hasHeader || query != nil ? "" : "Bearer ")
        reader.note("header", "signature")
        let keySetURL = keySetURL()
        let algorithms = tokenAlgorithms()
        let encoding = reader.oneOf("secret_encoding", as: SecretEncoding.self) ?? .raw
        let secrets = optionalSecrets(encoding, prefix: "", code: nil)
        let kinds = Set(algorithms.compactMap { $0.signature?.keyKind })
        let publicKeys =
            kinds.isEmpty ? [] : optionalPublicKeys(of: kinds)
        if kinds.isEmpty { reader.note("public_key") }
        let claims = claims()
        guard let source, let secrets, let publicKeys, !algorithms.isEmpty else { return nil }
        guard haveKeys(algorithms, secrets, publicKeys, keySetURL) else { return nil }
        return JWTCheck(
            source: source,
            prefix: Array(prefix.utf8),
            algorithms: algorithms,
            secrets: secrets,
            publicKeys: publicKeys,
            keySetURL: kinds.isEmpty ? nil : keySetURL,
            claims: claims
        )
    }

    /// Whether there is a key for each sort of algorithm, and no key without one.
    private func haveKeys(
        _ algorithms: [JWTAlgorithm],
        _ secrets: [SecretKey],
        _ publicKeys: [CheckKey],
        _ keySetURL: String?
    ) -> Bool {
        let takesSecrets = algorithms.contains { $0.digest != nil }
        let takesKeys = algorithms.contains { $0.signature != nil }
        if takesSecrets, secrets.isEmpty {
            reader.missing(["secret"], "the key `secret` is missing, expected the secret of HS256")
            return false
        }
        if takesKeys, publicKeys.isEmpty, keySetURL == nil {
            reader.missing(
                ["public_key", "jwks_url"],
                "the keys `public_key` and `jwks_url` are missing, expected one of them"
            )
            return false
        }
        if !takesSecrets, !secrets.isEmpty {
            reader.error(
                "none of the algorithms takes a secret",
                at: reader.position,
                key: "secret"
            )
            return false
        }
        return true
    }

    private mutating func tokenAlgorithms() -> [JWTAlgorithm] {
        guard let words = reader.texts("algorithms") else {
            reader.missing(
                "algorithms",
                expected: "those that the sender signs with, such as `[RS256]`"
            )
            return []
        }
        let node = reader.entries.first { $0.key == "algorithms" }?.value
        let known = JWTAlgorithm.allCases.map(\.rawValue)
        var found: [JWTAlgorithm] = []
        for word in words {
            if let algorithm = JWTAlgorithm(rawValue: word) {
                found.append(algorithm)
                continue
            }
            reader.error(
                word.lowercased() == "none"
                    ? "`none` is no algorithm: anybody could write such a token"
                    : "found `\(word.clipped)`, expected \(known.joined(separator: ", "))",
                at: node?.position ?? reader.position,
                key: "algorithms",
                suggestion: NearestName.suggest(word, among: known)
            )
        }
        return found.count == words.count ? found : []
    }

    private mutating func claims() -> ClaimRules {
        var rules = ClaimRules()
        rules.issuers = reader.texts("issuer") ?? []
        rules.audiences = reader.texts("audience") ?? []
        rules.emails = reader.texts("email") ?? []
        rules.leeway = reader.duration("leeway", default: .seconds(60)).millisecondsRoundedUp
        rules.ageMax = reader.duration("max_age")?.millisecondsRoundedUp
        rules.needsExpiry = reader.bool("require_exp", default: true)
        if let node = reader.node("claims") {
            let inner = reader.inner(node, keyPath: reader.path("claims"))
            rules.values = inner.entries.map { entry in
                if case .list(let items) = entry.value.content {
                    return (entry.key, items.map(\.jsonValue))
                }
                return (entry.key, [entry.value.jsonValue])
            }
        }
        if var inner = reader.map("body_hash") {
            let claim = inner.requiredString("claim", expected: "the claim's name")
            let digest = inner.oneOf("digest", as: DigestAlgorithm.self) ?? .sha256
            let encoding = inner.oneOf("encoding", as: TextEncoding.self) ?? .hex
            inner.finish()
            rules.bodyHash = claim.map {
                ClaimRules.BodyHash(claim: $0, digest: digest, encoding: encoding)
            }
        }
        return rules
    }
}
