internal import Security

/// The header field `Content-Digest` (RFC 9530).
enum ContentDigest {
    static let name = HeaderName("content-digest")

    /// The hashes that bind a body, by their names in the field; MD5, SHA-1 and checksums are none (section 5).
    private static let algorithms: [(name: String, digest: DigestAlgorithm)] = [
        ("sha-256", .sha256), ("sha-512", .sha512),
    ]

    /// Checks that every digest of a kind that binds is that of the body, and that there is one.
    ///
    /// - Throws: ``VerificationRefusal``.
    static func check(
        _ context: CheckContext,
        _ body: BodySource
    ) throws(VerificationRefusal) {
        let values = context.request.values(of: name).map { String(decoding: $0, as: UTF8.self) }
        guard !values.isEmpty else { throw .headerMissing(name) }
        guard let entries = StructuredField.dictionary(values.joined(separator: ", ")) else {
            throw .malformed("header content-digest", "a dictionary (RFC 9651)")
        }
        var isBound = false
        for (word, digest) in algorithms {
            guard let entry = entries.first(where: { $0.key == word }) else { continue }
            guard case .item(let item) = entry.member, case .bytes(let given) = item.value,
                SecretBytes.areEqual(given, context.digest(body, by: digest))
            else {
                throw VerificationRefusal(.bodyChanged, "The body is not the one of its digest.")
            }
            isBound = true
        }
        guard isBound else {
            throw .malformed("header content-digest", "a digest by sha-256 or sha-512")
        }
    }

    /// The field's value for a body.
    static func value(of body: [UInt8]) -> String {
        "sha-256=:\(Base64Text.text(of: Digest.of(body, by: .sha256))):"
    }
}
