/// The bytes of one connection in both directions: a socket's, those that a cipher makes of them, or a channel's of another one.
///
/// Bound to its loop: not Sendable, every call on the loop's thread. Set the `delegate`, then ``setReading(_:)``. A stream lives
/// until it is closed, also when nobody holds it, and holds its delegate until then.
///
/// A class-bound protocol and no class of function pointers, because who holds a stream has few calls to make: one ``write(_:)``
/// for all that was answered in a turn, and ``setReading(_:)`` when that changes. What it looks at for each request it can keep
/// itself: ``queuedBytes`` is 0 while `write` gave 0.
package protocol ByteStream: AnyObject {
    /// The loop the stream lives and dies on.
    var loop: EventLoop { get }
    /// Who hears what happens; held until the stream is closed.
    var delegate: (any ByteStreamDelegate)? { get set }
    /// Whether bytes can come and go; false while a handshake is under way, whose end `onReady` or `onClosed` tells.
    var isReady: Bool { get }
    /// What the handshake came to; nil where there is none, so that bytes are sent in clear, and before its end.
    var security: StreamSecurity? { get }
    /// How many bytes of memory hold what the other side's system has not been given whole yet; what back pressure looks at.
    var queuedBytes: Int { get }
    /// How many of the bytes were not given to it yet: less than ``queuedBytes`` while a piece is taken in parts.
    var untakenBytes: Int { get }
    /// Whether ``directRead(into:upTo:)`` would find bytes; false for a stream that deciphers.
    var hasMore: Bool { get }
    /// The other side's address as text, without the port.
    var peerAddress: String { get }
    /// The port of ours that the connection came in on; 0 where it came by none.
    var localPort: UInt16 { get }

    /// Delivers what comes in, or leaves it with the sender.
    ///
    /// A handshake goes on only while it may read. May be called inside `onBytes`. No effect after the end, or once closing.
    func setReading(_ isReading: Bool)

    /// Puts bytes that came and were not delivered yet behind the bytes of an array that has room for them.
    ///
    /// For the delegate, within `onBytes`: what it gathers anyway need not go through the read buffer. At the end or a failure,
    /// nothing is added: the loop finds out the same.
    ///
    /// - Parameters:
    ///   - bytes: The array; it is not moved.
    ///   - bytesMax: How many bytes may be added, no more than the array has room for.
    /// - Returns: How many were added; 0 always from a stream that deciphers.
    func directRead(into bytes: inout [UInt8], upTo bytesMax: Int) -> Int

    /// Sends bytes: at once as far as that can be done, the rest is copied and queued.
    ///
    /// Ignored once the stream is closing or shut down. A failure closes the stream.
    ///
    /// - Returns: ``queuedBytes`` afterwards.
    @discardableResult
    func write(_ bytes: RawSpan) -> Int

    /// Half-closes: tells the other side, after everything queued, that no more will come.
    ///
    /// Reading goes on.
    func shutdown()

    /// Closes as soon as everything queued is sent; reading stops at once.
    func closeWhenDrained()

    /// Closes at once; what is queued is lost.
    ///
    /// `onClosed` follows in a later step of the loop.
    func close()
}

extension ByteStream {
    /// Sends bytes; see ``write(_:)-(RawSpan)``.
    @discardableResult
    package func write(_ bytes: [UInt8]) -> Int {
        unsafe write(bytes.span.bytes)
    }

    /// Sends bytes; see ``write(_:)-(RawSpan)``.
    @discardableResult
    package func write(_ bytes: Span<UInt8>) -> Int {
        unsafe write(bytes.bytes)
    }
}

/// Who hears what happens on a ``ByteStream``; called on the stream's loop, never after ``onClosed(_:)``.
package protocol ByteStreamDelegate: AnyObject {
    /// The handshake is done: bytes can come and go. The first call of a stream that was not ready; not made for any other.
    func onReady()
    /// Bytes have come: at least one, at most ``EventLoop/readBytesMax``, cut anywhere. They are valid during this call only.
    func onBytes(_ bytes: RawSpan)
    /// The other side will send no more. The stream can still be written to; close it when done.
    func onEnd()
    /// Everything that was queued is sent: `queuedBytes` is 0 again.
    ///
    /// Not called for writes that were taken at once.
    func onDrained()
    /// The stream is closed, for good; the last call, and made exactly once.
    ///
    /// - Parameter error: Why the stream closed itself; nil after ``ByteStream/close()``.
    func onClosed(_ error: LoopError?)
}

extension ByteStreamDelegate {
    /// Does nothing: for who holds only streams that are ready from the start.
    package func onReady() {}
}

/// What the handshake of a stream that enciphers came to.
package struct StreamSecurity: Sendable, Hashable {
    /// The host name that the client asked for (SNI, RFC 6066, 3); nil where it named none.
    package var serverName: String?
    /// The protocol that was agreed on (ALPN, RFC 7301), such as `http/1.1`; nil where none was.
    package var applicationProtocol: String?
    /// The other side's certificate, verified, in DER; nil where it sent none.
    package var peerCertificate: [UInt8]?

    /// Describes what a handshake came to.
    package init(
        serverName: String? = nil,
        applicationProtocol: String? = nil,
        peerCertificate: [UInt8]? = nil
    ) {
        self.serverName = serverName
        self.applicationProtocol = applicationProtocol
        self.peerCertificate = peerCertificate
    }
}
