internal import Glibc

/// A connected socket; every operation blocks until it is done or its deadline passes.
final class SocketTransport: ClientTransport {
    private var socket: Int32

    /// Takes over a connected socket and closes it at the end of its life.
    init(socket: Int32) {
        self.socket = socket
        let flags = fcntl(socket, F_GETFL)
        _ = fcntl(socket, F_SETFL, flags | O_NONBLOCK)
    }

    deinit { close() }

    /// Ends both directions of a socket, so that a thread that waits on it wakes up.
    static func interrupt(_ number: Int32) {
        shutdown(number, Int32(SHUT_RDWR))
    }

    func send(_ bytes: [UInt8], deadline: Deadline) throws(KitError) {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes.withUnsafeBytes {
                unsafe Glibc.send(
                    socket,
                    $0.baseAddress.map { unsafe $0 + sent },
                    bytes.count - sent,
                    Int32(MSG_NOSIGNAL)
                )
            }
            if count >= 0 {
                sent += count
            } else if errno == EAGAIN {
                try wait(for: Int16(POLLOUT), doing: "sending", deadline: deadline)
            } else if errno != EINTR {
                throw .closed(doing: "sending (errno \(errno))")
            }
        }
    }

    func receive(doing: String, deadline: Deadline) throws(KitError) -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            let count = unsafe withUnsafeTemporaryAllocation(byteCount: 65536, alignment: 16) {
                let count = unsafe recv(socket, $0.baseAddress, $0.count, 0)
                if count > 0 { unsafe bytes.append(contentsOf: $0[..<count]) }
                return count
            }
            if count >= 0 { return bytes }
            switch errno {
            case EAGAIN: try wait(for: Int16(POLLIN), doing: doing, deadline: deadline)
            case EINTR: continue
            default: throw .closed(doing: "\(doing) (errno \(errno))")
            }
        }
    }

    func finishSending() {
        shutdown(socket, Int32(SHUT_WR))
    }

    func resetOnClose() {
        var option = linger(l_onoff: 1, l_linger: 0)
        unsafe setsockopt(
            socket,
            SOL_SOCKET,
            SO_LINGER,
            &option,
            socklen_t(MemoryLayout<linger>.size)
        )
    }

    func close() {
        guard socket >= 0 else { return }
        Glibc.close(socket)
        socket = -1
    }

    private func wait(for events: Int16, doing: String, deadline: Deadline) throws(KitError) {
        var entry = pollfd(fd: socket, events: events, revents: 0)
        let ready = unsafe poll(&entry, 1, deadline.millisecondsLeft)
        if ready == 0 { throw .deadlinePassed(doing: doing) }
    }
}
