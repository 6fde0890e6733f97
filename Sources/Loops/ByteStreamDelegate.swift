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
