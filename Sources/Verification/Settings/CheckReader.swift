internal import Documents
internal import Primitives
internal import Security

/// Reads the keys of one verifier.
struct CheckReader {
    /// The kinds of checks, by their word in `type`.
    enum Kind: String, CaseIterable {
        case signature, token, basic, ip, jwt, twilio, sns
        case httpSignature = "http-signature"
    }

    /// The map that is read.
    var reader: SettingsReader
    /// The secrets that were read, for handshakes that need one.
    var secrets: [SecretKey] = []

    /// Begins to read a map.
    init(reader: SettingsReader) {
        self.reader = reader
    }

    /// Reads a check; nil where something is wrong, which is reported.
    mutating func check(_ kind: Kind) -> SenderCheck? {
        switch kind {
        case .signature: return signature().map { .signature($0) }
        case .token: return sharedToken().map { .signature($0) }
        case .basic: return basic().map { .basic($0) }
        case .ip: return addresses().map { .addresses($0) }
        case .jwt: return token().map { .token($0) }
        case .httpSignature: return message().map { .message($0) }
        case .twilio:
            let url = url()
            return readSecrets(.raw, prefix: "", code: nil)
                .map { .twilio(TwilioCheck(secrets: $0, url: url)) }
        case .sns: return sns().map { .sns($0) }
        }
    }

    /// Reads what is known of the sender beside the check.
    mutating func profile() -> SenderProfile {
        var profile = SenderProfile()
        profile.body = reader.oneOf("body", as: SenderProfile.BodyForm.self)
        profile.formField = reader.string("form_field")
        profile.methods = (reader.texts("methods") ?? []).map { $0.uppercased() }
        profile.handshakes = handshakes()
        return profile
    }

    /// Reads the URL that senders call.
    mutating func url() -> String? {
        guard let (text, node) = reader.stringAndNode("url") else { return nil }
        let rest = text.firstRange(of: "://").map { text[$0.upperBound...] } ?? ""
        guard text.hasPrefix("https://") || text.hasPrefix("http://"), !rest.isEmpty,
            rest.first != "/", text.utf8.allSatisfy({ $0 > 32 && $0 < 127 })
        else {
            reader.mismatch(
                node,
                key: "url",
                expected: "the URL that the sender calls, such as `https://hooks.example.com/path`"
            )
            return nil
        }
        return text
    }

    /// How a secret is written.
    enum SecretEncoding: String, CaseIterable {
        case raw, base64, hex
    }

    /// Reads `secret` and `secrets`.
    ///
    /// - Parameters:
    ///   - encoding: How they are written.
    ///   - prefix: What may stand before them, and is no part of them.
    ///   - code: The hash of the codes they are for; nil for none.
    /// - Returns: The secrets in order; nil where there is none, or one is wrong, which is reported.
    mutating func readSecrets(
        _ encoding: SecretEncoding,
        prefix: String,
        code: DigestAlgorithm?
    ) -> [SecretKey]? {
        guard let found = optionalSecrets(encoding, prefix: prefix, code: code) else { return nil }
        if found.isEmpty {
            reader.missing(
                ["secret", "secrets"],
                "the key `secret` is missing, expected the secret that the sender signs with"
            )
            return nil
        }
        return found
    }

    /// Reads `secret` and `secrets`, which may be missing.
    mutating func optionalSecrets(
        _ encoding: SecretEncoding,
        prefix: String,
        code: DigestAlgorithm?
    ) -> [SecretKey]? {
        reader.note("secret", "secrets")
        var found: [SecretKey] = []
        var isWhole = true
        func add(_ text: String, _ node: Node, _ key: String, _ notAfter: Int64?) {
            guard let bytes = bytes(of: text, node, key, encoding, prefix) else {
                isWhole = false
                return
            }
            found.append(
                SecretKey(
                    bytes: bytes,
                    notAfter: notAfter,
                    code: code.map { MessageCodeKey(bytes, by: $0) }
                )
            )
        }
        if reader.has("secret") {
            if let (text, node) = reader.stringAndNode("secret") {
                add(text, node, "secret", nil)
            } else {
                isWhole = false
            }
        }
        for (index, item) in (reader.list("secrets") ?? []).prefix(16).enumerated() {
            let path = SettingsPath(reader.path("secrets")).item(index).text
            if item.scalarText != nil {
                if let text = reader.filledText(item, path) {
                    add(text, item, "secrets", nil)
                } else {
                    isWhole = false
                }
                continue
            }
            var inner = reader.inner(item, keyPath: path)
            let text = inner.stringAndNode("secret")
            let notAfter = Self.notAfter(&inner)
            inner.finish()
            if let text { add(text.text, text.node, "secrets", notAfter) } else { isWhole = false }
        }
        secrets = found
        return isWhole ? found : nil
    }

    /// Reads `not_after`: a moment, or a day, at whose end it is.
    static func notAfter(_ reader: inout SettingsReader) -> Int64? {
        guard let (text, node) = reader.stringAndNode("not_after") else { return nil }
        guard let time = RFC3339.milliseconds(text) else {
            reader.mismatch(
                node,
                key: "not_after",
                expected: "a date such as `2027-01-31` or `2027-01-31T12:00:00Z`"
            )
            return nil
        }
        return time
    }

    /// The bytes of a secret; nil where it is none, which is reported and never quoted.
    private func bytes(
        of text: String,
        _ node: Node,
        _ key: String,
        _ encoding: SecretEncoding,
        _ prefix: String
    ) -> [UInt8]? {
        let rest = text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text
        let bytes: [UInt8]? =
            switch encoding {
            case .raw: Array(rest.utf8)
            case .base64: Base64Text.bytes(of: Array(rest.utf8).span)
            case .hex: Hex.bytes(of: rest)
            }
        guard let bytes else {
            reader.error(
                "the secret is not in \(encoding.rawValue), as this sender's secrets are",
                at: node.position,
                key: key
            )
            return nil
        }
        guard !bytes.isEmpty else {
            reader.error(
                "the secret is empty: anybody could sign with it",
                at: node.position,
                key: key
            )
            return nil
        }
        if bytes.count < VerifierReader.secretBytesUsual {
            reader.diagnostics.advise(
                "the secret has \(bytes.count) bytes; with fewer than "
                    + "\(VerifierReader.secretBytesUsual) it can be guessed",
                at: node.position,
                keyPath: reader.path(key)
            )
        }
        return bytes
    }
}

extension SettingsReader {
    /// The text of an item of a list, with what expressions in it yield; nil where they yield nothing, or no text.
    func filledText(_ node: Node, _ keyPath: String) -> String? {
        guard let filling, case .text(let text) = node.content, text.contains("${") else {
            return node.scalarText
        }
        return filling(node, keyPath, diagnostics)?.scalarText
    }
}
