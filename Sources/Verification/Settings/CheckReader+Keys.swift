internal import Documents
internal import Primitives
internal import Security

/// Public keys and certificates.
extension CheckReader {
    /// How many public keys are read.
    private static let publicKeysMax = 64

    /// Reads `public_key`, which must be there.
    ///
    /// - Parameter kinds: The kinds of keys that the algorithms take.
    /// - Returns: The keys in order; nil where there is none, or one is wrong, which is reported.
    mutating func publicKeys(of kinds: Set<KeyKind>) -> [CheckKey]? {
        guard let found = optionalPublicKeys(of: kinds) else { return nil }
        if found.isEmpty {
            reader.missing("public_key", expected: "the public key of the sender")
            return nil
        }
        return found
    }

    /// Reads `public_key`, which may be missing: PEM, DER or raw bytes in Base64 or hex, a JWK or a JWK Set.
    mutating func optionalPublicKeys(of kinds: Set<KeyKind>) -> [CheckKey]? {
        let prefix = reader.string("key_prefix") ?? ""
        guard let nodes = reader.oneOrMore("public_key") else { return [] }
        var found: [CheckKey] = []
        var isWhole = true
        for (index, node) in nodes.prefix(Self.publicKeysMax).enumerated() {
            var text: (text: String, node: Node)?
            var notAfter: Int64?
            if node.scalarText != nil {
                text = reader.filledText(node, reader.path("public_key")).map { ($0, node) }
            } else {
                let path = SettingsPath(reader.path("public_key")).item(index).text
                var inner = reader.inner(node, keyPath: path)
                text = inner.stringAndNode("key")
                notAfter = Self.notAfter(&inner)
                inner.finish()
            }
            guard let text, let keys = keys(text.text, text.node, prefix, notAfter, kinds) else {
                isWhole = false
                continue
            }
            found += keys
        }
        return isWhole ? found : nil
    }

    private func keys(
        _ text: String,
        _ node: Node,
        _ prefix: String,
        _ notAfter: Int64?,
        _ kinds: Set<KeyKind>
    ) -> [CheckKey]? {
        do throws(KeyError) {
            let keys = try PublicKeyText.keys(text, prefix: prefix, kinds: kinds)
            guard keys.allSatisfy({ kinds.contains($0.key.kind) }) else {
                let wanted = kinds.map(\.rawValue).sorted().joined(separator: " or ")
                reader.error(
                    "the public key is of another kind than the algorithm, expected \(wanted)",
                    at: node.position,
                    key: "public_key"
                )
                return nil
            }
            return keys.map {
                CheckKey(key: $0.key, id: $0.id, algorithm: $0.algorithm, notAfter: notAfter)
            }
        } catch {
            reader.error(
                text.isEmpty ? "the public key is empty" : "the public key \(error.message)",
                at: node.position,
                key: "public_key"
            )
            return nil
        }
    }

    /// Reads `certificate_roots`; nil where it is wrong, which is reported.
    mutating func certificateRoots() -> [Certificate]? {
        guard let (text, node) = reader.stringAndNode("certificate_roots") else { return [] }
        do throws(KeyError) {
            return try Certificate.all(pem: Array(text.utf8))
        } catch {
            reader.error(
                "a certificate \(error.message)",
                at: node.position,
                key: "certificate_roots"
            )
            return nil
        }
    }

    /// Reads `jwks_url`.
    mutating func keySetURL() -> String? {
        guard let (text, node) = reader.stringAndNode("jwks_url") else { return nil }
        let rest = text.firstRange(of: "://").map { text[$0.upperBound...] } ?? ""
        let host = rest.prefix { $0 != "/" && $0 != "?" }
        // Without TLS whoever is in between hands out the keys; on this machine there is nobody.
        let isLocal = ["localhost", "127.0.0.1", "[::1]"].contains { local in
            host == local || host.hasPrefix(local + ":")
        }
        guard text.hasPrefix("https://") || text.hasPrefix("http://") && isLocal, !host.isEmpty,
            !host.contains("@"), text.utf8.allSatisfy({ $0 > 32 && $0 < 127 })
        else {
            reader.mismatch(node, key: "jwks_url", expected: "an https URL")
            return nil
        }
        return text
    }
}

/// Reads public keys as senders hand them out.
enum PublicKeyText {
    /// The keys of a text: a PEM, a JWK Set, or one key in any other form.
    ///
    /// - Throws: ``KeyError``.
    static func keys(
        _ text: String,
        prefix: String,
        kinds: Set<KeyKind>
    ) throws(KeyError) -> [CheckKey] {
        let trimmed = trimmed(text)
        if trimmed.hasPrefix("-----BEGIN CERTIFICATE") {
            return try Certificate.all(pem: Array(trimmed.utf8)).prefix(1).map {
                bare($0.publicKey)
            }
        }
        if trimmed.hasPrefix("-----BEGIN") {
            return [bare(try PublicKey(pem: Array((trimmed + "\n").utf8)))]
        }
        if trimmed.hasPrefix("{") {
            guard let set = KeySet(Array(trimmed.utf8)) else { throw .unreadable }
            return set.keys
        }
        let rest = trimmed.hasPrefix(prefix) ? String(trimmed.dropFirst(prefix.count)) : trimmed
        if kinds.contains(.ed25519), let bytes = Hex.bytes(of: rest), bytes.count == 32 {
            return [bare(try PublicKey(ed25519: bytes))]
        }
        // Lines of Base64, as a PEM without its first and last line.
        let joined = rest.utf8.filter { $0 > 32 }
        guard let bytes = Base64Text.bytes(of: joined.span), !bytes.isEmpty else {
            throw .unreadable
        }
        if kinds.contains(.ed25519), bytes.count == 32 {
            return [bare(try PublicKey(ed25519: bytes))]
        }
        return [bare(try PublicKey(der: bytes))]
    }

    private static func bare(_ key: PublicKey) -> CheckKey {
        CheckKey(key: key, id: nil, algorithm: nil, notAfter: nil)
    }

    private static func trimmed(_ text: String) -> String {
        var text = text[...]
        while text.first?.isWhitespace == true { text = text.dropFirst() }
        while text.last?.isWhitespace == true { text = text.dropLast() }
        return String(text)
    }
}
