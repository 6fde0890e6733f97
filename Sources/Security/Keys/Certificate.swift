internal import COpenSSL
package import Primitives

/// A certificate (X.509, RFC 5280).
///
/// May be used on any thread.
@safe package final class Certificate: Sendable {
    /// The key it vouches for.
    package let publicKey: PublicKey
    // Never changed after init; OpenSSL only reads it.
    private let pointer: UInt

    /// The most certificates that a text may hold.
    package static let countMax = 1000

    private init(owning certificate: OpaquePointer) throws(KeyError) {
        do throws(KeyError) {
            publicKey = try unsafe PublicKey(owning: X509_get_pubkey(certificate))
        } catch {
            unsafe X509_free(certificate)
            throw error
        }
        pointer = UInt(bitPattern: certificate)
    }

    deinit {
        unsafe X509_free(OpaquePointer(bitPattern: pointer))
    }

    /// Reads the certificates of a text in PEM, one after the other; the first is whose chain the others are.
    ///
    /// - Throws: ``KeyError`` where there is none, one cannot be read, or its key is not supported.
    package static func all(pem: [UInt8]) throws(KeyError) -> [Certificate] {
        let found = unsafe PublicKey.withBIO(pem) { source in
            var found: [UInt] = []
            while found.count < countMax,
                let next = unsafe PEM_read_bio_X509(source, nil, nil, nil)
            {
                found.append(UInt(bitPattern: next))
            }
            return found
        }
        // The end of the text is an error to OpenSSL, too.
        ERR_clear_error()
        var all: [Certificate] = []
        var failure: KeyError?
        for pointer in found {
            guard let certificate = unsafe OpaquePointer(bitPattern: pointer) else { continue }
            do throws(KeyError) {
                all.append(try unsafe Certificate(owning: certificate))
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        guard !all.isEmpty else { throw .unreadable }
        return all
    }

    /// Whether a moment lies in the time for which it was issued.
    package func isValid(at time: WallTime) -> Bool {
        var seconds = Int(time.milliseconds / 1000)
        let certificate = unsafe OpaquePointer(bitPattern: pointer)
        let begin = unsafe X509_cmp_time(X509_get0_notBefore(certificate), &seconds)
        let end = unsafe X509_cmp_time(X509_get0_notAfter(certificate), &seconds)
        return begin < 0 && end > 0
    }

    /// Whether it was issued for a host name (RFC 6125).
    package func names(_ host: String) -> Bool {
        unsafe X509_check_host(OpaquePointer(bitPattern: pointer), host, host.utf8.count, 0, nil)
            == 1
    }

    /// Whether a chain leads from this certificate to one that is trusted.
    ///
    /// - Parameters:
    ///   - roots: The certificates that are trusted.
    ///   - others: Further certificates, which are not.
    ///   - time: When.
    /// - Returns: False also where a certificate on the way has expired.
    /// - Complexity: O(n) in the certificates, and one signature check a link.
    package func chains(
        to roots: [Certificate],
        through others: [Certificate] = [],
        at time: WallTime
    ) -> Bool {
        let store = unsafe X509_STORE_new()
        let stack = unsafe sluice_certificates_new()
        let context = unsafe X509_STORE_CTX_new()
        defer {
            unsafe X509_STORE_CTX_free(context)
            unsafe sluice_certificates_free(stack)
            unsafe X509_STORE_free(store)
            ERR_clear_error()
        }
        // The certificates live in the arrays until the call ends.
        for root in roots {
            unsafe X509_STORE_add_cert(store, OpaquePointer(bitPattern: root.pointer))
        }
        for other in others {
            let status = unsafe sluice_certificates_push(
                stack,
                OpaquePointer(bitPattern: other.pointer)
            )
            guard status == 1 else { return false }
        }
        let begun = unsafe X509_STORE_CTX_init(
            context,
            store,
            OpaquePointer(bitPattern: pointer),
            stack
        )
        guard begun == 1 else { return false }
        unsafe X509_STORE_CTX_set_time(context, 0, Int(time.milliseconds / 1000))
        // What is trusted may be an intermediate certificate: who pins that wants no more.
        unsafe X509_STORE_CTX_set_flags(context, UInt(X509_V_FLAG_PARTIAL_CHAIN))
        return unsafe X509_verify_cert(context) == 1
    }
}
