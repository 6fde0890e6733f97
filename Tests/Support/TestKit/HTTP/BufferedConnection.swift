/// The client's end of a connection with a buffer in front; every operation blocks until it is done or its deadline passes.
///
/// One thread uses it at a time.
package final class BufferedConnection {
    private let transport: any ClientTransport
    private var buffer: [UInt8] = []
    private var hasEnded = false

    /// Takes over a connected socket and closes it at the end of its life.
    convenience init(socket: Int32) {
        self.init(SocketTransport(socket: socket))
    }

    /// Reads from and sends through a transport, and closes it at the end of its life.
    init(_ transport: any ClientTransport) {
        self.transport = transport
    }

    deinit { transport.close() }

    /// Sends all bytes.
    func send(_ bytes: [UInt8], deadline: Deadline) throws(KitError) {
        try transport.send(bytes, deadline: deadline)
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
        transport.finishSending()
    }

    /// Makes the coming close a reset instead of an orderly end.
    func resetOnClose() {
        transport.resetOnClose()
    }

    /// Reads once; false at the end of the stream.
    private func fill(doing: String, deadline: Deadline) throws(KitError) -> Bool {
        guard !hasEnded else { return false }
        let bytes = try transport.receive(doing: doing, deadline: deadline)
        buffer += bytes
        hasEnded = bytes.isEmpty
        return !hasEnded
    }
}
