internal import HTTPWire
internal import Loops

/// The bytes of a connection, in and out: the seam where TLS goes in between the socket and HTTP.
struct Transport {
    private let stream: TCPStream

    /// Speaks plainly over a socket.
    init(plain stream: TCPStream) {
        self.stream = stream
    }

    /// Memory of what the kernel has not taken whole yet, in bytes.
    var queuedBytes: Int { stream.queuedBytes }
    /// Bytes that the kernel has not taken yet.
    var untakenBytes: Int { stream.untakenBytes }
    /// Whether the other side has said that it sends no more.
    var hasEnded: Bool { stream.hasEnded }
    /// The other side's address, without the port.
    var peerAddress: String { stream.peerAddress }
    /// The port of ours.
    var localPort: Int { Int(stream.localPort) }

    /// Sends bytes.
    func write(_ bytes: [UInt8]) { stream.write(bytes) }

    /// Puts what has come and was not delivered yet behind an array's bytes.
    func receive(into bytes: inout [UInt8], upTo bytesMax: Int) {
        stream.receive(into: &bytes, upTo: bytesMax)
    }

    /// Takes bytes from the socket, or leaves them there.
    func setReading(_ isReading: Bool) {
        if isReading == stream.isReading { return }
        if isReading { stream.startReading() } else { stream.stopReading() }
    }

    /// Says that nothing more will be sent.
    func shutdown() { stream.shutdown() }

    /// Closes once everything is with the kernel.
    func closeWhenDrained() { stream.closeWhenDrained() }

    /// Closes at once.
    func close() { stream.close() }
}
