extension LoopGroup {
    /// Listens on an address with every loop of the group, which share the port (SO_REUSEPORT).
    ///
    /// Looks the host up, makes sure that nobody listens there yet, then opens one socket a loop. Where the port is
    /// 0, all loops share the one that the first got. Blocks; never to be called on a loop of this group.
    ///
    /// - Parameters:
    ///   - address: Where to listen.
    ///   - accept: Gets each connection, on the loop it will live on (`stream.loop`).
    /// - Returns: The open sockets; their `port` is the one really taken.
    /// - Throws: ``LoopError``; then no loop listens there.
    package func listen(
        _ address: ListenAddress,
        accept: @escaping @Sendable (TCPStream) -> Void
    ) throws(LoopError) -> GroupListener {
        let resolved = try address.resolve()
        if address.port != 0 { try resolved.probe() }
        let listener = GroupListener(group: self)
        do {
            try onEach { loop in
                let taken = listener.port
                let shared = taken == 0 ? resolved : resolved.with(port: taken)
                let one = try TCPListener(
                    loop: loop,
                    address: shared,
                    reusePort: true,
                    accept: accept
                )
                listener.add(one, on: loop)
            }
        } catch {
            listener.close()
            throw (error as? LoopError) ?? .stopped
        }
        return listener
    }
}
