internal import COpenSSL

/// A hash function, for digests and for message authentication.
package enum DigestAlgorithm: String, Sendable, CaseIterable {
    /// For senders that know nothing better; safe in HMAC, not alone.
    case sha1
    case sha256
    case sha384
    case sha512

    /// How many bytes it yields.
    package var byteCount: Int {
        switch self {
        case .sha1: 20
        case .sha256: 32
        case .sha384: 48
        case .sha512: 64
        }
    }

    /// OpenSSL's own constant for it, which lives as long as the process.
    var method: OpaquePointer? {
        switch self {
        case .sha1: unsafe EVP_sha1()
        case .sha256: unsafe EVP_sha256()
        case .sha384: unsafe EVP_sha384()
        case .sha512: unsafe EVP_sha512()
        }
    }

    /// Its name as OpenSSL's providers know it.
    var name: String {
        switch self {
        case .sha1: "SHA1"
        case .sha256: "SHA256"
        case .sha384: "SHA384"
        case .sha512: "SHA512"
        }
    }
}
