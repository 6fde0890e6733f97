package import Primitives

extension EventLoop {
    /// Calls `fire` on this loop once, not before `delay` from now is over, unless it is cancelled before.
    @discardableResult
    package func schedule(after delay: Nanoseconds, _ fire: @escaping () -> Void) -> LoopTimer {
        LoopTimer(loop: self, after: delay, period: nil, fire: fire)
    }

    /// Calls `fire` on this loop again and again, `period` (at least a millisecond) apart: a coarse tick.
    ///
    /// After a turn that took longer than a period, the missed ticks are left out.
    @discardableResult
    package func every(_ period: Nanoseconds, _ fire: @escaping () -> Void) -> LoopTimer {
        LoopTimer(loop: self, after: period, period: period, fire: fire)
    }

    /// Listens on an address and hands every accepted connection to `accept`, on this loop.
    ///
    /// Looks a host name up, which may block: call it at start. It does not probe; for all loops of a group at
    /// once, with a probe, use ``LoopGroup/listen(_:accept:)``.
    ///
    /// - Parameters:
    ///   - address: Where to listen; port 0 lets the system choose.
    ///   - reusePort: Whether other sockets with the same wish may share the port (SO_REUSEPORT).
    ///   - accept: Gets each connection; it sets the delegate and starts reading, or closes it.
    /// - Returns: The socket; its `port` is the one really taken.
    /// - Throws: ``LoopError``, by what the system says.
    @discardableResult
    package func listen(
        _ address: ListenAddress,
        reusePort: Bool,
        accept: @escaping (TCPStream) -> Void
    ) throws(LoopError) -> TCPListener {
        try TCPListener(
            loop: self,
            address: address.resolve(),
            reusePort: reusePort,
            accept: accept
        )
    }

    /// Watches a descriptor that something else owns, and calls `fire` on this loop when it is ready.
    ///
    /// Level-triggered: it fires in every turn until the readiness is used up.
    ///
    /// - Throws: ``LoopError/system(code:doing:)`` for a descriptor that cannot be watched, such as a plain file's.
    package func watch(
        _ descriptor: Int32,
        for events: DescriptorEvents,
        _ fire: @escaping (DescriptorEvents) -> Void
    ) throws(LoopError) -> DescriptorWatch {
        try DescriptorWatch(loop: self, descriptor: descriptor, events: events, fire: fire)
    }

    /// Catches signals, and calls `fire` with the signal's number on this loop.
    ///
    /// - Throws: ``LoopError/system(code:doing:)`` for a signal that cannot be caught; then none is.
    @discardableResult
    package func onSignal(
        _ signals: [Int32],
        _ fire: @escaping (Int32) -> Void
    ) throws(LoopError) -> [SignalWatch] {
        var watches: [SignalWatch] = []
        do throws(LoopError) {
            for number in signals {
                watches.append(try SignalWatch(loop: self, number: number, fire: fire))
            }
        } catch {
            for watch in watches { watch.cancel() }
            throw error
        }
        return watches
    }
}
