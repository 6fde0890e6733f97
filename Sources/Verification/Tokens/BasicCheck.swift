internal import Primitives
internal import Security

/// Checks name and password (RFC 7617).
struct BasicCheck: Sendable {
    /// A name with its password, as `name:password` in UTF-8, and until when it counts.
    let users: [SecretKey]

    private static let header = HeaderName("authorization")

    /// Checks a request.
    ///
    /// - Returns: Which of the users it is.
    /// - Throws: ``VerificationRefusal``.
    func check(_ request: SenderRequest, now: Int64) throws(VerificationRefusal) -> Int {
        let value = try request.only(Self.header)
        let place = "header authorization"
        let reader = try CandidateReader(
            value,
            .plain(prefix: Array("Basic ".utf8), separator: nil),
            place: place
        )
        guard let given = reader.candidates.first.flatMap({ TextEncoding.base64.bytes(of: $0) }),
            given.contains(UInt8(ascii: ":"))
        else { throw .malformed(place, "a name and a password in Base64") }
        var found: Int?
        for (index, user) in users.enumerated()
        where user.isValid(at: now) && SecretBytes.areEqual(user.bytes, given) {
            found = found ?? index
        }
        guard let found else { throw .credentialsWrong }
        return found
    }
}

/// Checks the address of the sender against a list.
struct AddressCheck: Sendable {
    /// The blocks that are taken.
    let blocks: [IPBlock]

    /// Checks a request.
    ///
    /// - Throws: ``VerificationRefusal``.
    func check(_ request: SenderRequest) throws(VerificationRefusal) {
        guard let client = request.client, blocks.contains(where: { $0.contains(client) }) else {
            throw VerificationRefusal(
                .addressNotListed,
                "The address of the sender is not in the list."
            )
        }
    }
}
