internal import CLibUV

/// A listening address as the kernel wants it.
struct ResolvedAddress: Sendable {
    /// The address as it was written, for error messages.
    let name: ListenAddress
    private var storage: sockaddr_storage
    private let length: socklen_t

    /// Takes over what the resolver found.
    init(name: ListenAddress, storage: sockaddr_storage, length: socklen_t) {
        self.name = name
        self.storage = storage
        self.length = length
    }

    /// The same address with another port.
    func with(port: UInt16) -> ResolvedAddress {
        var copy = self
        unsafe sluice_set_port(&copy.storage, port)
        return copy
    }

    /// Throws when anybody already listens here; see ``ListenAddress/probe()``.
    func probe() throws(LoopError) {
        let descriptor = try bind(reusePort: false)
        _ = CLibUV.close(descriptor)
    }

    /// Opens a socket that listens here, and gives its descriptor.
    func listen(reusePort: Bool, backlog: Int32) throws(LoopError) -> Int32 {
        let descriptor = try bind(reusePort: reusePort)
        let code = sluice_listen(descriptor, backlog)
        if code < 0 {
            _ = CLibUV.close(descriptor)
            throw failure(code)
        }
        return descriptor
    }

    /// Begins to connect here, without blocking, and gives the socket's descriptor.
    func open() throws(LoopError) -> (descriptor: Int32, peer: PeerAddress) {
        var address = storage
        let descriptor = unsafe withUnsafePointer(to: &address) { pointer in
            // As in `bind` below.
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe sluice_open_connection($0, length)
            }
        }
        try check(descriptor, "connecting to \(name.text)")
        return (descriptor, PeerAddress(address))
    }

    private func bind(reusePort: Bool) throws(LoopError) -> Int32 {
        var address = storage
        let descriptor = unsafe withUnsafePointer(to: &address) { pointer in
            // A sockaddr_storage is laid out to be read as any sockaddr; it lives for the call.
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe sluice_bind($0, length, reusePort ? 1 : 0)
            }
        }
        if descriptor < 0 { throw failure(descriptor) }
        return descriptor
    }

    private func failure(_ code: Int32) -> LoopError {
        switch -code {
        case EADDRINUSE: .addressInUse(host: name.host, port: name.port)
        case EACCES, EPERM: .permissionDenied(host: name.host, port: name.port)
        default: .system(code: code, doing: "listening on \(name.text)")
        }
    }
}
