internal import CCurl
internal import Primitives

extension OutboundError {
    /// The failure that a libcurl code stands for.
    ///
    /// - Parameters:
    ///   - code: The transfer's result, not `CURLE_OK`.
    ///   - text: What libcurl said of it, without secrets.
    ///   - host: The host of the URL.
    ///   - connectTimeout: The time that connecting was given.
    init(_ code: CURLcode, text: String?, host: String, connectTimeout: Nanoseconds) {
        let reason = text ?? (unsafe String(cString: curl_easy_strerror(code)))
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST:
            self = .cannotResolve(host: host)
        case CURLE_COULDNT_CONNECT, CURLE_COULDNT_RESOLVE_PROXY, CURLE_INTERFACE_FAILED,
            CURLE_PROXY:
            self = .connectFailed(reason)
        case CURLE_OPERATION_TIMEDOUT:
            // Only connecting has a time of libcurl's; the whole one is ours.
            self = .timedOut(after: connectTimeout, connected: false)
        case CURLE_URL_MALFORMAT:
            self = .invalidURL(reason)
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_SETFAILED,
            CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_PEER_FAILED_VERIFICATION,
            CURLE_USE_SSL_FAILED, CURLE_SSL_ENGINE_INITFAILED, CURLE_SSL_CACERT_BADFILE,
            CURLE_SSL_SHUTDOWN_FAILED, CURLE_SSL_CRL_BADFILE, CURLE_SSL_ISSUER_ERROR,
            CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_CLIENTCERT:
            self = .tls(reason)
        case CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_PARTIAL_FILE,
            CURLE_HTTP2, CURLE_HTTP2_STREAM:
            self = .connectionLost(reason)
        default:
            self = .protocolError(reason)
        }
    }
}
