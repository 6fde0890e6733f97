package import Documents

/// How a string of the configuration begins, as far as that is known at load.
///
/// It is what decides whether a request carries one of this server's own URLs: literals with `env` put in, gateways,
/// and nothing that comes from a run.
package struct URLText: Sendable, Hashable {
    /// One leading part.
    package enum Piece: Sendable, Hashable {
        /// Text, with the environment put in; never empty, never beside another.
        case literal(String)
        /// One field of a gateway: `${gateway:8090.public_url}`; the port is nil where none is written.
        case gateway(port: Int?, field: String)
    }

    /// The parts up to the first other expression; never empty.
    package var pieces: [Piece]
    /// Whether the parts are the whole string.
    package var isWhole: Bool
    /// Where the string stands.
    package var position: SourcePosition
}
