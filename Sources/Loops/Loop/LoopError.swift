internal import CLibUV

/// What can go wrong with a socket, a thread or a loop.
package enum LoopError: Error, Sendable, Hashable {
    /// Another socket, of this or another process, already has the address.
    case addressInUse(host: String, port: UInt16)
    /// The operating system does not let this user take the port (below 1024 as a rule).
    case permissionDenied(host: String, port: UInt16)
    /// The host name of a listening address stands for no address.
    case cannotResolve(host: String, reason: String)
    /// The group's loops have been stopped.
    case stopped
    /// The other side of a stream did not complete a handshake: why, as a sentence without a full stop.
    case handshakeFailed(reason: String)
    /// Anything else the system refused: a negative errno, and what was being done.
    case system(code: Int32, doing: String)

    /// The failure as one sentence for a person, without a full stop.
    package var message: String {
        switch self {
        case .addressInUse(let host, let port):
            "\(ListenAddress(host: host, port: port).text) is already in use by another socket"
                + " (is another instance running?)"
        case .permissionDenied(let host, let port):
            "not allowed to listen on \(ListenAddress(host: host, port: port).text)"
        case .cannotResolve(let host, let reason):
            "cannot resolve the host name \"\(host)\": \(reason)"
        case .stopped:
            "the event loops have been stopped"
        case .handshakeFailed(let reason):
            "the handshake failed: \(reason)"
        case .system(let code, let doing):
            "\(doing): \(LoopError.text(of: code))"
        }
    }

    /// True where the other side of a connection went away: nothing to be alarmed about.
    package var isPeerGone: Bool {
        guard case .system(let code, _) = self else { return false }
        return code == UV_ECONNRESET.rawValue || code == UV_EPIPE.rawValue
            || code == UV_ENOTCONN.rawValue || code == UV_ETIMEDOUT.rawValue
    }

    private static func text(of code: Int32) -> String {
        guard let text = unsafe uv_strerror(code) else { return "error \(code)" }
        return unsafe String(cString: text)
    }
}

extension LoopError: CustomStringConvertible {
    package var description: String { message }
}

/// Throws the system's refusal when a C call returned a negative code.
func check(_ code: Int32, _ doing: @autoclosure () -> String) throws(LoopError) {
    if code < 0 { throw .system(code: code, doing: doing()) }
}
