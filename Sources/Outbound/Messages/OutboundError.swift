internal import CCurl
package import Primitives

/// Why a request to somebody else got no answer.
///
/// No text holds a user, password, path or query of the URL.
package enum OutboundError: Error, Sendable, Hashable {
    /// The URL is none, or neither `http` nor `https`; what is wrong with it.
    case invalidURL(String)
    /// The method or a header field cannot be sent; which, and why.
    case invalidRequest(String)
    /// No address was found for the host.
    case cannotResolve(host: String)
    /// No connection came about; the system's reason, with the host.
    case connectFailed(String)
    /// The time was over; `connected` tells whether the request was under way to a connected server.
    case timedOut(after: Nanoseconds, connected: Bool)
    /// The TLS handshake or the server's certificate failed; the reason.
    case tls(String)
    /// The response's body has more bytes than the request takes.
    case bodyTooLarge(limit: Int)
    /// It was cancelled, or the client was stopped.
    case cancelled
    /// The connection broke before the whole answer had come; the reason.
    case connectionLost(String)
    /// The answer was no HTTP, a redirect went nowhere, or the client failed inside; the reason.
    case protocolError(String)

    /// The stable word for the failure.
    package var code: ProblemCode {
        switch self {
        case .invalidURL, .invalidRequest: .requestInvalid
        case .cannotResolve, .connectFailed, .tls, .connectionLost: .connectFailed
        case .timedOut: .requestTimeout
        case .bodyTooLarge: .responseTooLarge
        case .cancelled: .cancelled
        case .protocolError: .responseInvalid
        }
    }

    /// The failure as one sentence for a person, without a full stop.
    package var message: String {
        switch self {
        case .invalidURL(let reason): "the URL is not valid: \(reason)"
        case .invalidRequest(let reason): "the request is not valid: \(reason)"
        case .cannotResolve(let host): "no address was found for the host \"\(host)\""
        case .connectFailed(let reason): "connecting failed: \(reason)"
        case .timedOut(let time, let connected):
            connected
                ? "no whole answer within \(time.millisecondsRoundedUp) ms"
                : "not connected within \(time.millisecondsRoundedUp) ms"
        case .tls(let reason): "the TLS connection failed: \(reason)"
        case .bodyTooLarge(let limit): "the response's body is larger than \(limit) bytes"
        case .cancelled: "the request was cancelled"
        case .connectionLost(let reason): "the connection broke: \(reason)"
        case .protocolError(let reason): "the response is not valid: \(reason)"
        }
    }
}

extension OutboundError: CustomStringConvertible {
    package var description: String { message }
}

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
