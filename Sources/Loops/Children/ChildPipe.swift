internal import CLibUV

/// This process's end of a pipe to a child; read for its whole life, so that the child never blocks on it.
@safe final class ChildPipe {
    /// Hears what comes in.
    var onBytes: ((RawSpan) -> Void)?
    /// Called once, at the other side's end or a failure, when nothing more will come.
    var onEnd: (() -> Void)?

    /// The handle, for `uv_spawn`; alive until the close callback.
    let pipe: UnsafeMutablePointer<uv_pipe_t>
    private var isOpen = true
    private var closesWhenWritten = false

    /// Makes an end that is not connected yet.
    init(loop: EventLoop) {
        unsafe pipe = .allocate(capacity: 1)
        // Cannot fail: it only fills the handle in.
        _ = unsafe uv_pipe_init(loop.uv, pipe, 0)
        unsafe pipe.pointee.data = Unmanaged.passRetained(self).toOpaque()
    }

    /// The handle as a stream.
    var stream: UnsafeMutablePointer<uv_stream_t> { unsafe pipe.seen(as: uv_stream_t.self) }

    /// Begins to read, once it is connected.
    func startReading() {
        guard isOpen else { return }
        if unsafe uv_read_start(stream, lendReadBuffer, pipeDidRead) < 0 { finish() }
    }

    /// Sends bytes; a child that does not take them is none of the caller's concern.
    func write(_ bytes: [UInt8]) {
        guard isOpen, !bytes.isEmpty else { return }
        // One block: the request, then the bytes. Given back in `pipeDidWrite`.
        let header = unsafe MemoryLayout<uv_write_t>.stride
        let block = unsafe UnsafeMutableRawPointer.allocate(
            byteCount: header + bytes.count,
            alignment: MemoryLayout<uv_write_t>.alignment
        )
        unsafe bytes.withUnsafeBytes { source in
            guard let base = source.baseAddress else { return }
            unsafe (block + header).copyMemory(from: base, byteCount: source.count)
        }
        let request = unsafe block.assumingMemoryBound(to: uv_write_t.self)
        var buffer = unsafe uv_buf_t(
            base: (block + header).assumingMemoryBound(to: CChar.self),
            len: bytes.count
        )
        if unsafe uv_write(request, stream, &buffer, 1, pipeDidWrite) < 0 {
            unsafe block.deallocate()
            finish()
        }
    }

    /// Closes as soon as everything is written: the child reads the end.
    func closeWhenWritten() {
        guard isOpen else { return }
        if unsafe stream.pointee.write_queue_size == 0 { close() } else { closesWhenWritten = true }
    }

    /// Closes at once; `onEnd` is not called any more.
    func close() {
        guard isOpen else { return }
        isOpen = false
        onBytes = nil
        onEnd = nil
        unsafe uv_close(pipe.seen(as: uv_handle_t.self), pipeDidClose)
    }

    fileprivate func didRead(_ count: Int, _ base: UnsafePointer<CChar>?) {
        guard isOpen else { return }
        if count > 0 {
            onBytes?(unsafe UnsafeRawBufferPointer(start: base, count: count).bytes)
        } else if count < 0 {
            finish()
        }
    }

    fileprivate func didWrite(_ code: Int32) {
        guard isOpen else { return }
        let isWritten = unsafe stream.pointee.write_queue_size == 0
        if code < 0 || closesWhenWritten && isWritten { finish() }
    }

    private func finish() {
        let end = onEnd
        close()
        end?()
    }
}

// The C callbacks: the handle's `data` is its pipe, held by the handle until it is closed.

private func pipeDidRead(
    _ handle: UnsafeMutablePointer<uv_stream_t>?,
    _ count: Int,
    _ buffer: UnsafePointer<uv_buf_t>?
) {
    guard let data = unsafe handle?.pointee.data else { return }
    unsafe Unmanaged<ChildPipe>.fromOpaque(data).takeUnretainedValue()
        .didRead(count, buffer?.pointee.base)
}

private func pipeDidWrite(_ request: UnsafeMutablePointer<uv_write_t>?, _ code: Int32) {
    guard let request = unsafe request, let data = unsafe request.pointee.handle.pointee.data
    else { return }
    unsafe UnsafeMutableRawPointer(request).deallocate()
    unsafe Unmanaged<ChildPipe>.fromOpaque(data).takeUnretainedValue().didWrite(code)
}

private func pipeDidClose(_ handle: UnsafeMutablePointer<uv_handle_t>?) {
    guard let handle = unsafe handle else { return }
    if let data = unsafe handle.pointee.data {
        unsafe Unmanaged<ChildPipe>.fromOpaque(data).release()
    }
    unsafe handle.seen(as: uv_pipe_t.self).deallocate()
}

/// Which of its outputs a program wrote to.
package enum ChildStream: Sendable, Hashable {
    case output, errors
}
