internal import CLibUV

/// Where a server listens: a host and a port.
package struct ListenAddress: Sendable, Hashable {
    /// An IPv4 or IPv6 address (without brackets), `localhost`, or any name the machine resolves.
    ///
    /// `*` and the empty text stand for every IPv4 address. Where a name stands for several addresses, the
    /// first IPv4 one is taken, else the first.
    package let host: String
    /// The port; 0 lets the system choose one.
    package let port: UInt16

    /// Pairs a host with a port.
    package init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// The address as `host:port`, with brackets round an IPv6 host.
    package var text: String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    /// Finds out whether anybody already listens on the address, also with SO_REUSEPORT.
    ///
    /// With SO_REUSEPORT a second instance would bind silently and take half of the connections; so this binds
    /// a socket without it and gives it back. Resolves the host name: may block, never call it on a loop.
    ///
    /// - Throws: ``LoopError/addressInUse(host:port:)``, ``LoopError/permissionDenied(host:port:)``,
    ///   ``LoopError/cannotResolve(host:reason:)``, or what else the system says.
    package func probe() throws(LoopError) {
        try resolve().probe()
    }

    /// Looks the host up; blocks while a name server is asked.
    func resolve() throws(LoopError) -> ResolvedAddress {
        let name = host.isEmpty || host == "*" ? "0.0.0.0" : host
        var storage = sockaddr_storage()
        var length = socklen_t(0)
        let error = unsafe sluice_resolve(name, port, &storage, &length)
        if error != 0 {
            throw .cannotResolve(host: host, reason: unsafe String(cString: gai_strerror(error)))
        }
        return ResolvedAddress(name: self, storage: storage, length: length)
    }
}
