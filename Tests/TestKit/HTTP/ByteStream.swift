internal import Glibc

/// A connected socket with a buffer in front; every operation blocks until it is done or its deadline passes.
///
/// One thread uses it at a time. `interrupt` alone may be called from another.
package final class ByteStream {
    private let socket: Int32
    private var buffer: [UInt8] = []
    private var hasEnded = false

    /// Takes over a connected socket and closes it at the end of its life.
    init(socket: Int32) {
        self.socket = socket
        let flags = fcntl(socket, F_GETFL)
        _ = fcntl(socket, F_SETFL, flags | O_NONBLOCK)
    }

    deinit { close(socket) }

    /// The number of the socket, for ``interrupt(_:)``.
    var number: Int32 { socket }

    /// Ends both directions of a socket, so that a thread that waits on it wakes up.
    static func interrupt(_ number: Int32) {
        shutdown(number, Int32(SHUT_RDWR))
    }

    /// Sends all bytes.
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

    /// Bytes up to the next line feed, without it and a carriage return before it; nil at the end of the stream.
    func line(deadline: Deadline) throws(KitError) -> String? {
        var searched = 0
        while true {
            if let end = buffer[searched...].firstIndex(of: 10) {
                let hasReturn = end > 0 && buffer[end - 1] == 13
                let text = String(decoding: buffer[..<(hasReturn ? end - 1 : end)], as: UTF8.self)
                buffer.removeFirst(end + 1)
                return text
            }
            searched = buffer.count
            if try !fill(doing: "reading a line", deadline: deadline) { return nil }
        }
    }

    /// Exactly `count` bytes.
    func take(_ count: Int, deadline: Deadline) throws(KitError) -> [UInt8] {
        while buffer.count < count {
            let doing = "reading \(count) bytes of which \(buffer.count) came"
            if try !fill(doing: doing, deadline: deadline) { throw .closed(doing: doing) }
        }
        defer { buffer.removeFirst(count) }
        return Array(buffer[..<count])
    }

    /// What has come, at least one byte; empty at the end of the stream.
    func takeSome(deadline: Deadline) throws(KitError) -> [UInt8] {
        if buffer.isEmpty { _ = try fill(doing: "reading", deadline: deadline) }
        defer { buffer = [] }
        return buffer
    }

    /// Everything up to the end of the stream.
    func takeToEnd(deadline: Deadline) throws(KitError) -> [UInt8] {
        while try fill(doing: "reading to the end", deadline: deadline) {}
        defer { buffer = [] }
        return buffer
    }

    /// Tells the other side that nothing more will be sent.
    func finishSending() {
        shutdown(socket, Int32(SHUT_WR))
    }

    /// Makes the coming close a reset instead of an orderly end.
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

    /// Reads once; false at the end of the stream.
    private func fill(doing: String, deadline: Deadline) throws(KitError) -> Bool {
        guard !hasEnded else { return false }
        while true {
            let count = unsafe withUnsafeTemporaryAllocation(byteCount: 65536, alignment: 16) {
                let count = unsafe recv(socket, $0.baseAddress, $0.count, 0)
                if count > 0 { unsafe buffer.append(contentsOf: $0[..<count]) }
                return count
            }
            if count > 0 { return true }
            if count == 0 {
                hasEnded = true
                return false
            }
            switch errno {
            case EAGAIN: try wait(for: Int16(POLLIN), doing: doing, deadline: deadline)
            case EINTR: continue
            default: throw .closed(doing: "\(doing) (errno \(errno))")
            }
        }
    }

    private func wait(for events: Int16, doing: String, deadline: Deadline) throws(KitError) {
        var entry = pollfd(fd: socket, events: events, revents: 0)
        let ready = unsafe poll(&entry, 1, deadline.millisecondsLeft)
        if ready == 0 { throw .deadlinePassed(doing: doing) }
    }
}
