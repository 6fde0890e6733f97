internal import CLibUV

/// An address that connections are made to, looked up once.
package struct RemoteAddress: Sendable {
    private let resolved: ResolvedAddress

    /// Looks a host up; blocks while a name server is asked.
    ///
    /// - Throws: ``LoopError/cannotResolve(host:reason:)``.
    package init(_ address: ListenAddress) throws(LoopError) {
        resolved = try address.resolve()
    }

    /// Begins a connection: the descriptor of a socket that does not block.
    func open() throws(LoopError) -> (descriptor: Int32, peer: PeerAddress) {
        try resolved.open()
    }
}

extension EventLoop {
    /// Begins a connection to somebody else.
    ///
    /// The stream can be written to at once: what the kernel does not take yet is queued. A connection that is refused closes
    /// the stream, and `onClosed` tells why.
    ///
    /// - Throws: ``LoopError/system(code:doing:)`` when the system has no descriptor or port to give.
    package func connect(to address: RemoteAddress) throws(LoopError) -> TCPStream {
        let (descriptor, peer) = try address.open()
        return try TCPStream(loop: self, descriptor: descriptor, peer: peer, localPort: 0)
    }
}
