internal import JSONWire
internal import Security

/// What the claims of a token must say (RFC 7519, 4.1).
struct ClaimRules: Sendable {
    /// A hash of the body that a claim carries.
    struct BodyHash: Sendable, Hashable {
        /// The claim's name.
        let claim: String
        /// The hash.
        let digest: DigestAlgorithm
        /// How it is written.
        let encoding: TextEncoding
    }

    /// Who may have issued it; empty for anybody who has the key.
    var issuers: [String] = []
    /// For whom it may be; empty for anybody.
    var audiences: [String] = []
    /// The e-mail addresses whose tokens are taken, which must be verified; empty for any.
    var emails: [String] = []
    /// Claims that must have one of these values.
    var values: [(name: String, any: [JSONValue])] = []
    /// How far clocks may differ, in milliseconds.
    var leeway: Int64 = 60_000
    /// How long ago it may have been issued, in milliseconds; nil for any time.
    var ageMax: Int64?
    /// Whether it must say until when it is valid.
    var needsExpiry = true
    /// The hash of the body; nil where no claim has one.
    var bodyHash: BodyHash?

    /// Checks the claims of a token whose signature fits.
    ///
    /// - Throws: ``VerificationRefusal`` for the first that is wrong.
    func check(_ claims: JSONObject, now: Int64) throws(VerificationRefusal) {
        try checkTimes(claims, now)
        if !issuers.isEmpty, !Self.isAny(of: issuers, claims["iss"]) { throw Self.wrong("iss") }
        if !audiences.isEmpty {
            var given: [JSONValue] = claims["aud"].map { [$0] } ?? []
            if case .array(let list)? = claims["aud"] { given = list }
            guard given.contains(where: { Self.isAny(of: audiences, $0) }) else {
                throw Self.wrong("aud")
            }
        }
        if !emails.isEmpty {
            guard Self.isAny(of: emails, claims["email"]) else { throw Self.wrong("email") }
            switch claims["email_verified"] {
            case .bool(true)?, .string("true")?: break
            default: throw Self.wrong("email_verified")
            }
        }
        for rule in values {
            guard let value = claims[rule.name] else { throw Self.wrong(rule.name) }
            var given = [value]
            if case .array(let list) = value { given += list }
            guard given.contains(where: rule.any.contains) else { throw Self.wrong(rule.name) }
        }
    }

    private func checkTimes(_ claims: JSONObject, _ now: Int64) throws(VerificationRefusal) {
        if let expiry = try Self.time("exp", claims) {
            guard now <= expiry &+ leeway else {
                throw VerificationRefusal(.tooOld, "The token has expired.")
            }
        } else if needsExpiry {
            throw VerificationRefusal(.claimWrong, "The token does not say until when it is valid.")
        }
        if let start = try Self.time("nbf", claims), now < start &- leeway {
            throw VerificationRefusal(.tooNew, "The token is not valid yet.")
        }
        let issued = try Self.time("iat", claims)
        if let issued, now < issued &- leeway {
            throw VerificationRefusal(.tooNew, "The token was issued in the future.")
        }
        if let ageMax {
            guard let issued else { throw Self.wrong("iat") }
            guard now &- issued <= ageMax &+ leeway else {
                throw VerificationRefusal(.tooOld, "The token was issued too long ago.")
            }
        }
    }

    /// A claim that is a number of seconds, in milliseconds; nil where it is missing.
    private static func time(
        _ name: String,
        _ claims: JSONObject
    ) throws(VerificationRefusal) -> Int64? {
        let seconds: Double
        switch claims[name] {
        case nil, .null?: return nil
        case .integer(let integer)?: seconds = Double(integer)
        case .number(let number)?: seconds = number.double
        default: throw wrong(name)
        }
        // Up to the year 33658: sums with it stay far inside 64 bits.
        guard seconds >= 0, seconds < 1e12 else { throw wrong(name) }
        return Int64(seconds * 1000)
    }

    private static func isAny(of words: [String], _ value: JSONValue?) -> Bool {
        guard let text = value?.string else { return false }
        return words.contains { SecretBytes.areEqual(Array($0.utf8), Array(text.utf8)) }
    }

    private static func wrong(_ claim: String) -> VerificationRefusal {
        VerificationRefusal(.claimWrong, "The token's claim \(claim) is not as it must be.")
    }
}
