internal import Security

/// The algorithms of JSON Web Signatures that are taken (RFC 7518, 3.1; RFC 8037); `none` is no case of it.
enum JWTAlgorithm: String, Sendable, CaseIterable {
    case hs256 = "HS256"
    case hs384 = "HS384"
    case hs512 = "HS512"
    case rs256 = "RS256"
    case rs384 = "RS384"
    case rs512 = "RS512"
    case ps256 = "PS256"
    case ps512 = "PS512"
    case es256 = "ES256"
    case edDSA = "EdDSA"

    /// The hash of a message code; nil for key pairs.
    var digest: DigestAlgorithm? {
        switch self {
        case .hs256: .sha256
        case .hs384: .sha384
        case .hs512: .sha512
        default: nil
        }
    }

    /// The algorithm of a key pair; nil for message codes.
    var signature: SignatureAlgorithm? {
        switch self {
        case .hs256, .hs384, .hs512: nil
        case .rs256: .rsaSHA256
        case .rs384: .rsaSHA384
        case .rs512: .rsaSHA512
        case .ps256: .rsaPSSSHA256
        case .ps512: .rsaPSSSHA512
        case .es256: .ecdsaP256Raw
        case .edDSA: .ed25519
        }
    }
}
