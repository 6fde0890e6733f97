/// Why a request is not from whom it should be: for the ledger and its operators, never for the sender.
///
/// It quotes nothing that was sent, and never what would have been right.
package struct VerificationRefusal: Error, Sendable, Hashable {
    /// What sort of reason it is: a stable word.
    package enum Kind: String, Sendable, CaseIterable {
        case headerMissing = "header_missing"
        case headerRepeated = "header_repeated"
        case headerMalformed = "header_malformed"
        case signatureMissing = "signature_missing"
        case signatureWrong = "signature_wrong"
        case tooManySignatures = "too_many_signatures"
        case timestampInvalid = "timestamp_invalid"
        case tooOld = "too_old"
        case tooNew = "too_new"
        case credentialsWrong = "credentials_wrong"
        case addressNotListed = "address_not_listed"
        case bodyUnreadable = "body_unreadable"
        case bodyChanged = "body_changed"
        case tokenMalformed = "token_malformed"
        case algorithmRefused = "algorithm_refused"
        case claimWrong = "claim_wrong"
        case notCovered = "not_covered"
        case keyUnknown = "key_unknown"
        case keysUnavailable = "keys_unavailable"
        case certificateRefused = "certificate_refused"
        case noneFits = "none_fits"
    }

    /// What sort of reason it is.
    package let kind: Kind
    /// The reason as a sentence, with its full stop.
    package let message: String

    /// Makes a reason of its parts.
    package init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    /// A header field is not there.
    static func headerMissing(_ name: HeaderName) -> VerificationRefusal {
        VerificationRefusal(.headerMissing, "The header \(name.text) is missing.")
    }

    /// A header field came more than once.
    static func headerRepeated(_ name: HeaderName) -> VerificationRefusal {
        VerificationRefusal(.headerRepeated, "The header \(name.text) came more than once.")
    }

    /// What stands in a place is not what the scheme has there.
    static func malformed(_ place: String, _ expected: String) -> VerificationRefusal {
        VerificationRefusal(.headerMalformed, "The \(place) is not \(expected).")
    }

    /// There is no signature of the version or with the prefix that is checked.
    static func signatureMissing(_ place: String) -> VerificationRefusal {
        VerificationRefusal(.signatureMissing, "The \(place) has no signature that can be checked.")
    }

    /// No signature fits with any key.
    static func signatureWrong(keys: Int) -> VerificationRefusal {
        VerificationRefusal(
            .signatureWrong,
            keys == 1
                ? "The signature does not fit the request and the key."
                : "The signature does not fit the request and any of the \(keys) keys."
        )
    }

    /// All keys are beyond their `not_after`.
    static let keysExpired = VerificationRefusal(
        .keyUnknown,
        "All keys of the verifier are beyond their not_after."
    )

    /// The body is not what has to be read for the check.
    static func bodyUnreadable(_ expected: String) -> VerificationRefusal {
        VerificationRefusal(.bodyUnreadable, "The body is not \(expected).")
    }

    /// A token, a password or a shared secret is another one.
    static let credentialsWrong = VerificationRefusal(
        .credentialsWrong,
        "The credentials are not those that are expected."
    )
}

/// Who sent a request, once that is certain.
package struct VerifiedSender: Sendable, Hashable {
    /// The verifier's name: what `verifiers:` calls it, else its preset or type.
    package let name: String
    /// Which of the verifier's keys fitted, from 0; nil where it has none.
    package let keyIndex: Int?
    /// The request's id for telling repeated ones, as the sender gave it; nil where the scheme has none.
    package let id: String?
    /// What must not be seen a second time: tokens of schemes that do not cover the body, and nonces.
    package let onceTokens: [String]

    /// Makes it of its parts.
    package init(name: String, keyIndex: Int? = nil, id: String? = nil, onceTokens: [String] = []) {
        self.name = name
        self.keyIndex = keyIndex
        self.id = id
        self.onceTokens = onceTokens
    }
}

/// What a verifier says of a request.
package enum VerificationOutcome: Sendable, Hashable {
    /// It is from whom it should be.
    case verified(VerifiedSender)
    /// It is not; why goes to the ledger.
    case refused(VerificationRefusal)
    /// A key has to be fetched first: ask ``RemoteKeys``, then check again.
    case needsKey(KeyNeed)
}

/// Why a check stopped.
enum CheckStop: Error {
    /// The request is refused.
    case refused(VerificationRefusal)
    /// A key has to be fetched first.
    case needsKey(KeyNeed)
}
