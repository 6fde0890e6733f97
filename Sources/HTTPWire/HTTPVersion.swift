/// A version of HTTP/1.
package enum HTTPVersion: UInt8, Sendable {
    case http10, http11

    /// The version as it stands on the wire.
    package var text: String {
        switch self {
        case .http10: "HTTP/1.0"
        case .http11: "HTTP/1.1"
        }
    }
}
