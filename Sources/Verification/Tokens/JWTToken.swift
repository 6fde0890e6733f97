internal import JSONWire

/// A JSON Web Token in its compact form (RFC 7515, 7.1), taken apart and not yet checked.
struct JWTToken {
    /// The longest token that is read.
    static let bytesMax = 16 << 10

    /// What is signed: header and payload as they came, with the dot between.
    let signed: ArraySlice<UInt8>
    /// The signature's bytes.
    let signature: [UInt8]
    /// The algorithm that the token says it is signed by; nil for `none` and any other.
    let algorithm: JWTAlgorithm?
    /// The id of the key; nil where there is none.
    let keyID: String?
    /// The claims.
    let claims: JSONObject

    /// Takes a token apart.
    ///
    /// - Throws: ``VerificationRefusal`` where it is none, or has a header parameter that must be understood and is not
    ///   (RFC 7515, 4.1.11).
    init(_ text: ArraySlice<UInt8>) throws(VerificationRefusal) {
        guard text.count <= Self.bytesMax else { throw Self.malformed }
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let signature = TextEncoding.base64url.bytes(of: parts[2])
        else {
            throw Self.malformed
        }
        let header = try Self.object(parts[0])
        claims = try Self.object(parts[1])
        guard header["crit"] == nil else {
            throw VerificationRefusal(
                .tokenMalformed,
                "The token has extensions that must be understood, and none is."
            )
        }
        self.signature = signature
        signed = text[..<parts[1].endIndex]
        algorithm = header["alg"]?.string.flatMap(JWTAlgorithm.init(rawValue:))
        keyID = header["kid"]?.string
    }

    private static let malformed = VerificationRefusal(
        .tokenMalformed,
        "The token is no JSON Web Token."
    )

    private static func object(_ part: ArraySlice<UInt8>) throws(VerificationRefusal) -> JSONObject
    {
        guard let bytes = TextEncoding.base64url.bytes(of: part) else { throw malformed }
        do throws(JSONError) {
            guard case .object(let object) = try JSONValue.parse(bytes, depthMax: 32) else {
                throw JSONError(.unexpectedByte, at: 0)
            }
            return object
        } catch {
            throw malformed
        }
    }
}
