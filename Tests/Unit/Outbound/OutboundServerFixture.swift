import Loops
import Primitives

/// A tiny HTTP/1.1 server on loopback whose answers are closures.
final class OutboundServerFixture: Sendable {
    /// One request as it came.
    struct Seen: Sendable {
        let head: String
        let body: [UInt8]

        var line: String { String(head.prefix { $0 != "\r\n" }) }
        var path: String { String(line.split(separator: " ")[1]) }

        /// The values of a header field.
        func values(_ name: String) -> [String] {
            head.split(separator: "\r\n").dropFirst().compactMap { line in
                guard let colon = line.firstIndex(of: ":"),
                    line[..<colon].lowercased() == name.lowercased()
                else { return nil }
                return String(line[line.index(after: colon)...].drop { $0 == " " })
            }
        }
    }

    private struct State {
        var accepted = 0
        var closed = 0
        var requests: [Seen] = []
    }

    let port: UInt16
    private let group: LoopGroup
    private let state: StateBox

    private final class StateBox: Sendable {
        let state = SleepingLock(State())
    }

    /// Serves; `answer` gets every request with the stream to answer on.
    init(_ answer: @escaping @Sendable (Seen, TCPStream) -> Void) throws {
        let state = StateBox()
        group = try LoopGroup(threads: 1, name: "server")
        let listener = try group.listen(ListenAddress(host: "127.0.0.1", port: 0)) { stream in
            state.state.withLock { $0.accepted += 1 }
            let connection = Connection(stream)
            connection.onRequest = { seen, stream in
                state.state.withLock { $0.requests.append(seen) }
                answer(seen, stream)
            }
            connection.onClose = { state.state.withLock { $0.closed += 1 } }
            stream.setReading(true)
        }
        port = listener.port
        self.state = state
    }

    deinit { group.stop() }

    var accepted: Int { state.state.withLock { $0.accepted } }
    var closed: Int { state.state.withLock { $0.closed } }
    var requests: [Seen] { state.state.withLock { $0.requests } }

    func url(_ path: String = "/") -> String { "http://127.0.0.1:\(port)\(path)" }

    /// Answers every request with the same message.
    static func saying(_ message: String) throws -> OutboundServerFixture {
        try OutboundServerFixture { $1.write(Array(message.utf8)) }
    }

    private final class Connection: ByteStreamDelegate {
        var onRequest: (Seen, TCPStream) -> Void = { _, _ in }
        var onClose: () -> Void = {}
        private let stream: TCPStream
        private var bytes: [UInt8] = []

        init(_ stream: TCPStream) {
            self.stream = stream
            stream.delegate = self
        }

        func onBytes(_ more: RawSpan) {
            unsafe more.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
            while let seen = next() { onRequest(seen, stream) }
        }

        func onEnd() { stream.close() }
        func onDrained() {}
        func onClosed(_ error: LoopError?) { onClose() }

        private func next() -> Seen? {
            let end = Array("\r\n\r\n".utf8)
            guard let start = bytes.indices.first(where: { bytes[$0...].starts(with: end) }) else {
                return nil
            }
            let head = String(decoding: bytes[..<start], as: UTF8.self)
            let length =
                Seen(head: head, body: []).values("content-length").first.flatMap { Int($0) } ?? 0
            guard bytes.count >= start + 4 + length else { return nil }
            let body = Array(bytes[(start + 4)..<(start + 4 + length)])
            bytes.removeFirst(start + 4 + length)
            return Seen(head: head, body: body)
        }
    }
}
