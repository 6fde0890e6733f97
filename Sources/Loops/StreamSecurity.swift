/// What the handshake of a stream that enciphers came to.
package struct StreamSecurity: Sendable, Hashable {
    /// The host name that the client asked for (SNI, RFC 6066, 3); nil where it named none.
    package var serverName: String?
    /// The protocol that was agreed on (ALPN, RFC 7301), such as `http/1.1`; nil where none was.
    package var applicationProtocol: String?
    /// The other side's certificate, verified, in DER; nil where it sent none.
    package var peerCertificate: [UInt8]?

    /// Describes what a handshake came to.
    package init(
        serverName: String? = nil,
        applicationProtocol: String? = nil,
        peerCertificate: [UInt8]? = nil
    ) {
        self.serverName = serverName
        self.applicationProtocol = applicationProtocol
        self.peerCertificate = peerCertificate
    }
}
