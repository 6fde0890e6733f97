/// A blocking connection that sends the bytes it is given, as they are, and reads what comes back.
///
/// One thread uses it at a time. It is closed at the end of its life, or by ``close()``.
package final class RawConnection {
    private var stream: BufferedConnection?

    /// Connects to a port of this machine.
    ///
    /// - Parameters:
    ///   - port: The port to connect to.
    ///   - host: An IPv4 address, or `localhost`.
    ///   - deadline: When to give up.
    /// - Throws: ``KitError/system(call:errno:)`` where nobody listens.
    package init(
        port: Int,
        host: String = "127.0.0.1",
        deadline: Deadline = .standard
    ) throws(KitError) {
        stream = BufferedConnection(
            socket: try Loopback.connect(host: host, port: port, deadline: deadline)
        )
    }

    /// Goes over a transport, which is connected.
    package init(over transport: any ClientTransport) {
        stream = BufferedConnection(transport)
    }

    /// Sends text as UTF-8, exactly as it stands.
    package func send(_ text: String, deadline: Deadline = .standard) throws(KitError) {
        try send(Array(text.utf8), deadline: deadline)
    }

    /// Sends bytes exactly as they stand.
    package func send(_ bytes: [UInt8], deadline: Deadline = .standard) throws(KitError) {
        try open().send(bytes, deadline: deadline)
    }

    /// Reads one response, a 1xx too; bytes after it stay for the next call.
    ///
    /// - Parameters:
    ///   - isHead: Whether it answers a HEAD request, so that no body follows.
    ///   - deadline: When to give up.
    /// - Returns: The response.
    /// - Throws: ``KitError`` where none came in time, or what came is none.
    package func readReply(
        isHead: Bool = false,
        deadline: Deadline = .standard
    ) throws(KitError) -> HTTPReply {
        try HTTPReply.read(from: open(), isHead: isHead, deadline: deadline)
    }

    /// Reads what has come, at least one byte; empty when the other side has closed.
    package func readSome(deadline: Deadline = .standard) throws(KitError) -> [UInt8] {
        try open().takeSome(deadline: deadline)
    }

    /// Reads everything until the other side closes.
    package func readToEnd(deadline: Deadline = .standard) throws(KitError) -> [UInt8] {
        try open().takeToEnd(deadline: deadline)
    }

    /// Whether the other side has closed, with nothing left to read; waits for one or the other.
    package func isClosedByPeer(deadline: Deadline = .standard) throws(KitError) -> Bool {
        do throws(KitError) {
            return try open().takeSome(deadline: deadline).isEmpty
        } catch {
            if case .closed = error { return true }
            throw error
        }
    }

    /// Closes the sending direction only.
    package func finishSending() throws(KitError) {
        try open().finishSending()
    }

    /// Closes the connection in order.
    package func close() {
        stream = nil
    }

    /// Closes the connection with a reset, as a crashed sender does.
    package func reset() {
        stream?.resetOnClose()
        stream = nil
    }

    private func open() throws(KitError) -> BufferedConnection {
        guard let stream else { throw .closed(doing: "using a connection that the test closed") }
        return stream
    }
}
