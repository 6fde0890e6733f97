/// Who hears what happens on a ``TCPStream``; called on the stream's loop, never after ``onClosed(_:)``.
package protocol TCPStreamDelegate: AnyObject {
    /// Bytes have come. They are valid during this call only, lie in the loop's shared read buffer, and 64
    /// bytes after their end may be read (by code that works in blocks).
    func onBytes(_ bytes: RawSpan)
    /// The other side will send no more. The stream can still be written to; close it when done.
    func onEnd()
    /// Everything that was queued has gone to the kernel: `queuedBytes` is 0 again.
    ///
    /// Not called for writes that the kernel took at once.
    func onDrained()
    /// The stream is closed, for good; the last call, and made exactly once.
    ///
    /// - Parameter error: Why the stream closed itself; nil after ``TCPStream/close()``.
    func onClosed(_ error: LoopError?)
}
