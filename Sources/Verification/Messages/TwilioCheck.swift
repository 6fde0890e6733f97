internal import Primitives
internal import Security

/// Checks requests of Twilio: the URL with the sorted fields of the form, or with a hash of the body.
///
/// Formula: twilio/twilio-python, `twilio/request_validator.py`.
struct TwilioCheck: Sendable {
    /// The account's tokens.
    let secrets: [SecretKey]
    /// The URL that Twilio calls, as configured; nil for what the request says.
    let url: String?

    static let header = HeaderName("x-twilio-signature")
    static let contentType = HeaderName("content-type")
    static let id = HeaderName("i-twilio-idempotency-token")
    private static let hashName = "bodySHA256"

    /// Checks a request.
    ///
    /// - Returns: Which token fits.
    /// - Throws: ``VerificationRefusal``.
    func check(
        _ context: inout CheckContext,
        _ body: BodySource
    ) throws(VerificationRefusal) -> Int {
        let text = try context.request.only(Self.header)
        guard let given = Base64Text.bytes(of: text.span) else {
            throw .malformed("header \(Self.header.text)", "a signature in base64")
        }
        let called = context.request.url(configured: url)
        let suffix = try suffix(&context, body, called)
        var found: Int?
        var live = 0
        for (index, secret) in secrets.enumerated() where secret.isValid(at: context.now) {
            live += 1
            for form in Self.forms(of: called) {
                let code = MessageCode.of(
                    Array((form + suffix).utf8).span,
                    key: secret.bytes,
                    by: .sha1
                )
                if SecretBytes.areEqual(code, given) { found = found ?? index }
            }
        }
        guard let found else { throw live == 0 ? .keysExpired : .signatureWrong(keys: live) }
        return found
    }

    /// What is signed behind the URL.
    private func suffix(
        _ context: inout CheckContext,
        _ body: BodySource,
        _ called: String
    ) throws(VerificationRefusal) -> String {
        let type = context.request.value(of: Self.contentType).map {
            String(decoding: $0.prefix { $0 != UInt8(ascii: ";") }, as: UTF8.self).lowercased()
        }
        if type?.hasPrefix("application/x-www-form-urlencoded") == true {
            return Self.joined(try context.form(body))
        }
        let bytes = context.bytes(body)
        let query = called.firstIndex(of: "?").map {
            Array(called[called.index(after: $0)...].utf8)
        }
        guard let hash = query.flatMap({ FormPairs.first(Self.hashName, in: $0) }) else {
            if bytes.isEmpty { return "" }
            throw VerificationRefusal(
                .notCovered,
                "The body is no form, and the URL has no bodySHA256 that covers it."
            )
        }
        guard let given = Hex.bytes(of: hash),
            SecretBytes.areEqual(given, Digest.of(bytes, by: .sha256))
        else {
            throw VerificationRefusal(.bodyChanged, "The body is not the one that was signed.")
        }
        return ""
    }

    /// The fields in the order of their names, each with its values in order and without repetition.
    static func joined(_ pairs: [(name: String, value: String)]) -> String {
        var values: [String: Set<[UInt8]>] = [:]
        for pair in pairs { values[pair.name, default: []].insert(Array(pair.value.utf8)) }
        let names = values.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        return names.map { name in
            (values[name] ?? []).sorted { $0.lexicographicallyPrecedes($1) }
                .map { name + String(decoding: $0, as: UTF8.self) }.joined()
        }.joined()
    }

    /// The URL as it is, without a port, and with the usual one: Twilio signs either.
    static func forms(of url: String) -> [String] {
        guard let scheme = url.firstRange(of: "://") else { return [url] }
        let rest = url[scheme.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let tail = rest[authority.endIndex...]
        let port = authority.lastIndex(of: ":").map { authority[authority.index(after: $0)...] }
        let hasPort = port.map { !$0.isEmpty && $0.allSatisfy(\.isNumber) } ?? false
        let head = url[..<scheme.upperBound]
        if hasPort, let colon = authority.lastIndex(of: ":") {
            return [url, String(head + authority[..<colon] + tail)]
        }
        let usual = url.hasPrefix("https:") ? "443" : "80"
        return [url, "\(head)\(authority):\(usual)\(tail)"]
    }
}
