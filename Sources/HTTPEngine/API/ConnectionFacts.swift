package import Loops

/// What is known of a connection, beside the requests that come in on it.
///
/// Made when it is first asked for, once a connection.
package final class ConnectionFacts: Sendable {
    /// The address of the other side of the socket, without the port; a proxy's where one is in front.
    package let peerAddress: String
    /// The port of ours that the connection came in on; 0 where it came by none.
    package let localPort: Int
    /// What the handshake came to; nil where the bytes are sent in clear.
    package let security: StreamSecurity?

    /// Whether the connection is enciphered.
    package var isSecure: Bool { security != nil }

    /// Takes what a stream that is ready knows.
    init(_ stream: any ByteStream) {
        peerAddress = stream.peerAddress
        localPort = Int(stream.localPort)
        security = stream.security
    }
}
