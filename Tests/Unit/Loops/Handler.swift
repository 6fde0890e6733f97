import Loops

/// A stream's delegate made of closures.
final class Handler: ByteStreamDelegate {
    private let stream: TCPStream
    var bytes: (TCPStream, [UInt8]) -> Void = { _, _ in }
    var end: (TCPStream) -> Void = { $0.close() }
    var drained: (TCPStream) -> Void = { _ in }
    var closed: (LoopError?) -> Void = { _ in }

    /// Becomes the delegate of a stream.
    init(_ stream: TCPStream) {
        self.stream = stream
        stream.delegate = self
    }

    func onBytes(_ bytes: RawSpan) {
        let copy = unsafe bytes.withUnsafeBytes { unsafe [UInt8]($0) }
        self.bytes(stream, copy)
    }

    func onEnd() { end(stream) }
    func onDrained() { drained(stream) }
    func onClosed(_ error: LoopError?) { closed(error) }

    /// Sends everything back.
    static func echo(_ stream: TCPStream) {
        let handler = Handler(stream)
        handler.bytes = { $0.write($1) }
        stream.setReading(true)
    }
}

extension ListenAddress {
    /// A port of the system's choice on loopback.
    static let anyLoopback = ListenAddress(host: "127.0.0.1", port: 0)
}
