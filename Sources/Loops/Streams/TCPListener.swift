internal import CLibUV
package import Primitives

/// A listening socket on one loop; see ``EventLoop/listen(_:reusePort:accept:)``.
///
/// Bound to its loop. It listens until ``close()``, also when nobody holds it.
package final class TCPListener {
    /// How many connections the kernel keeps ready for us.
    package static let backlog: Int32 = 4096
    /// How many connections are accepted before others get their turn of the loop.
    package static let acceptedPerTurnMax = 1024
    /// How long accepting rests when the process or the machine is out of descriptors or memory.
    package static let pauseWhenExhausted = Nanoseconds.milliseconds(100)

    /// The port it listens on, also when the system chose it.
    package let port: UInt16
    /// How often accepting had to rest because descriptors or memory ran out.
    package private(set) var pauseCount = 0

    private let loop: EventLoop
    private let accept: (TCPStream) -> Void
    private var descriptor: Int32
    /// From this descriptor on a connection is in the reserve of the process.
    private let reserveStart: Int
    /// From this descriptor on it is closed at once.
    private let reserveEnd: Int
    private var watch: DescriptorWatch?
    private var pause: LoopTimer?

    /// Opens the socket and begins to accept.
    init(
        loop: EventLoop,
        address: ResolvedAddress,
        reusePort: Bool,
        accept: @escaping (TCPStream) -> Void
    ) throws(LoopError) {
        self.loop = loop
        self.accept = accept
        let reserve = ProcessLimits.reservedFiles
        reserveStart = ProcessLimits.openFiles - reserve
        // Those that are still told so may take an eighth of what is kept back.
        reserveEnd = reserveStart + reserve / 8
        descriptor = try address.listen(reusePort: reusePort, backlog: TCPListener.backlog)
        let bound = sluice_bound_port(descriptor)
        port = UInt16(clamping: bound)
        do throws(LoopError) {
            try check(bound, "asking for the port of \(address.name.text)")
            // The watch holds the listener until `close`.
            watch = try loop.watch(descriptor, for: .readable) { _ in self.acceptAll() }
        } catch {
            _ = CLibUV.close(descriptor)
            throw error
        }
        loop.keep(self)
    }

    /// Stops listening; connections in the kernel's queue are reset, accepted ones live on.
    package func close() {
        guard descriptor >= 0 else { return }
        watch?.cancel()
        watch = nil
        pause?.cancel()
        pause = nil
        _ = CLibUV.close(descriptor)
        descriptor = -1
        loop.forget(self)
    }

    /// Accepts what the kernel has in its queue, and stops listening.
    func closeBehindQueue() {
        acceptAll()
        close()
    }

    private func acceptAll() {
        for _ in 0..<TCPListener.acceptedPerTurnMax {
            // The accept closure may have closed us.
            guard descriptor >= 0 else { return }
            var address = sockaddr_storage()
            let got = unsafe sluice_accept(descriptor, &address)
            if got < 0 { return refused(-got) }
            // The store and the log must be able to open what they need: connections are refused first.
            guard Int(got) < reserveEnd else {
                _ = CLibUV.close(got)
                continue
            }
            take(got, PeerAddress(address))
        }
    }

    private func take(_ descriptor: Int32, _ peer: PeerAddress) {
        do throws(LoopError) {
            let stream = try TCPStream(
                loop: loop,
                descriptor: descriptor,
                peer: peer,
                localPort: port,
                isInReserve: Int(descriptor) >= reserveStart
            )
            accept(stream)
        } catch {
            // The socket is closed; its sender sees a reset. Nothing is left to be told.
            rest()
        }
    }

    private func refused(_ code: Int32) {
        switch code {
        case EAGAIN, EWOULDBLOCK: return
        // Errors of the one connection, which accept(2) reports in its stead: take the next one.
        case ENETDOWN, EPROTO, ENOPROTOOPT, EHOSTDOWN, ENONET, EHOSTUNREACH, EOPNOTSUPP,
            ENETUNREACH, EPERM:
            return
        // Out of descriptors or memory. The socket stays readable, so going on would spin.
        default: rest()
        }
    }

    private func rest() {
        guard descriptor >= 0, pause == nil else { return }
        pauseCount += 1
        watch?.update([])
        pause = loop.schedule(after: TCPListener.pauseWhenExhausted) { [weak self] in
            self?.pause = nil
            self?.watch?.update(.readable)
        }
    }
}

@available(*, unavailable)
extension TCPListener: Sendable {}
