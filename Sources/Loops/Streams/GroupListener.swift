internal import Primitives
internal import Synchronization

/// The listening sockets of all loops of a group on one address; see ``LoopGroup/listen(_:accept:)``.
package final class GroupListener: Sendable {
    /// What the loops and the owner change.
    private struct State {
        var port: UInt16 = 0
        var isClosed = false
    }

    private let state = Lock(State())
    private let group: LoopGroup
    private let number = GroupListener.numbers.wrappingAdd(1, ordering: .relaxed).newValue
    private static let numbers = Atomic<UInt64>(0)

    /// Makes one without sockets.
    init(group: LoopGroup) {
        self.group = group
    }

    /// The port that is listened on, also when the system chose it.
    package var port: UInt16 {
        state.withLock { $0.port }
    }

    /// Stops listening on every loop; accepted connections live on.
    ///
    /// On any thread; does not wait.
    package func close() {
        let isFirst = state.withLock { state in
            let was = state.isClosed
            state.isClosed = true
            return !was
        }
        guard isFirst else { return }
        let number = number
        for port in group.ports { port.post { $0.closeListener(number) } }
    }

    /// Notes the socket of one loop.
    func add(_ listener: TCPListener, on loop: EventLoop) {
        state.withLock { $0.port = listener.port }
        loop.note(listener, number)
    }
}
