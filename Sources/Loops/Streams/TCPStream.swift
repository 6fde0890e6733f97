internal import CLibUV

/// One TCP connection on one loop.
///
/// Made by a ``TCPListener`` or ``EventLoop/connect(to:)``.
@safe package final class TCPStream: ByteStream {
    package let loop: EventLoop
    package let localPort: UInt16
    /// Whether it has one of the descriptors that are kept back for the server's own use: it is to be refused.
    package let isInReserve: Bool
    // What is read and written for every piece of data is private: its accesses are then known to be short, and the
    // checks for overlapping ones are left out.
    private var listener: (any ByteStreamDelegate)?
    private var unsentBytes = 0
    private var isUp = true
    private var isAtEnd = false
    private var isTaking = false
    /// Whether the read that is being delivered was as long as one may be: then there is more, as a rule.
    private var wasFull = false

    // Alive until `didClose`, which no method that passes `isOpen` can come after.
    private let tcp: UnsafeMutablePointer<uv_tcp_t>
    private let peer: PeerAddress
    private var isShutDown = false
    private var closesWhenDrained = false
    private var closeError: LoopError?

    /// Takes over an accepted, non-blocking socket; the socket is closed also when this throws.
    init(
        loop: EventLoop,
        descriptor: Int32,
        peer: PeerAddress,
        localPort: UInt16,
        isInReserve: Bool = false
    ) throws(LoopError) {
        self.loop = loop
        self.peer = peer
        self.localPort = localPort
        self.isInReserve = isInReserve
        unsafe tcp = .allocate(capacity: 1)
        // The handle holds its stream: given back in `didClose`.
        var code = unsafe uv_tcp_init(loop.uv, tcp)
        unsafe tcp.pointee.data = Unmanaged.passRetained(self).toOpaque()
        if code == 0 { code = unsafe uv_tcp_open(tcp, descriptor) }
        if code < 0 {
            _ = CLibUV.close(descriptor)
            close()
            throw .system(code: code, doing: "opening an accepted connection")
        }
    }

    package var delegate: (any ByteStreamDelegate)? {
        get { listener }
        set { listener = newValue }
    }
    package var isReady: Bool { true }
    package var security: StreamSecurity? { nil }
    package var queuedBytes: Int { unsentBytes }
    package var untakenBytes: Int {
        guard isUp, unsentBytes > 0 else { return 0 }
        return Int(clamping: unsafe uv_stream_get_write_queue_size(stream))
    }
    package var hasMore: Bool { wasFull }
    /// False from the moment the stream begins to close.
    package var isOpen: Bool { isUp }

    package private(set) lazy var peerAddress = peer.text

    package func directRead(into bytes: inout [UInt8], upTo bytesMax: Int) -> Int {
        var descriptor: uv_os_fd_t = -1
        guard isUp, wasFull, bytesMax > 0,
            unsafe uv_fileno(tcp.seen(as: uv_handle_t.self), &descriptor) == 0
        else { return 0 }
        let before = bytes.count
        bytes.append(addingCapacity: bytesMax) { room in
            unsafe room.withUnsafeMutableBufferPointer { buffer, count in
                // What is free of the room, which is `bytesMax` bytes at least.
                let start = unsafe buffer.baseAddress.map { unsafe $0 + count }
                let came = unsafe recv(descriptor, start, bytesMax, Int32(MSG_DONTWAIT))
                if came > 0 { count += came }
            }
        }
        let came = bytes.count - before
        wasFull = came == bytesMax
        return came
    }

    package func setReading(_ isReading: Bool) {
        guard isUp, isReading != isTaking, !isAtEnd else { return }
        isTaking = isReading
        guard isReading else {
            // Documented to succeed always.
            _ = unsafe uv_read_stop(stream)
            return
        }
        let code = unsafe uv_read_start(stream, lendReadBuffer, streamDidRead)
        if code < 0 { close(because: .system(code: code, doing: "reading from a connection")) }
    }

    @discardableResult
    package func write(_ bytes: RawSpan) -> Int {
        guard isUp, !isShutDown, !closesWhenDrained, !bytes.isEmpty else { return unsentBytes }
        unsafe bytes.withUnsafeBytes { unsafe write($0) }
        return unsentBytes
    }

    package func shutdown() {
        guard isUp, !isShutDown, !closesWhenDrained else { return }
        isShutDown = true
        let request = UnsafeMutablePointer<uv_shutdown_t>.allocate(capacity: 1)
        let code = unsafe uv_shutdown(request, stream, streamDidShutDown)
        if code < 0 {
            unsafe request.deallocate()
            close(because: .system(code: code, doing: "shutting a connection down"))
        }
    }

    package func closeWhenDrained() {
        guard isUp else { return }
        if unsentBytes == 0 { return close() }
        setReading(false)
        closesWhenDrained = true
    }

    package func close() {
        close(because: nil)
    }

    private func close(because error: LoopError?) {
        guard isUp else { return }
        isUp = false
        isTaking = false
        closeError = error
        unsafe uv_close(tcp.seen(as: uv_handle_t.self), streamDidClose)
    }

    private var stream: UnsafeMutablePointer<uv_stream_t> {
        unsafe tcp.seen(as: uv_stream_t.self)
    }

    private func write(_ bytes: UnsafeRawBufferPointer) {
        var sent = 0
        if unsentBytes == 0 {
            let code = unsafe tryWrite(bytes)
            if code < 0 && code != UV_EAGAIN.rawValue {
                return close(because: .system(code: code, doing: "writing to a connection"))
            }
            sent = max(0, Int(code))
        }
        if sent < bytes.count { unsafe queue(UnsafeRawBufferPointer(rebasing: bytes[sent...])) }
    }

    private func tryWrite(_ bytes: UnsafeRawBufferPointer) -> Int32 {
        // libuv does not write to the buffer, it only lacks the const; one write takes at most 2 GiB.
        let base = unsafe UnsafeMutableRawPointer(mutating: bytes.baseAddress)?
            .assumingMemoryBound(to: CChar.self)
        var buffer = unsafe uv_buf_t(base: base, len: min(bytes.count, 1 << 30))
        return unsafe uv_try_write(stream, &buffer, 1)
    }

    private func queue(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress else { return }
        // One block: the request, then the bytes. Given back in `streamDidWrite`.
        let header = unsafe MemoryLayout<uv_write_t>.stride
        let block = unsafe UnsafeMutableRawPointer.allocate(
            byteCount: header + bytes.count,
            alignment: MemoryLayout<uv_write_t>.alignment
        )
        unsafe (block + header).copyMemory(from: source, byteCount: bytes.count)
        let request = unsafe block.assumingMemoryBound(to: uv_write_t.self)
        unsafe request.pointee.data = UnsafeMutableRawPointer(bitPattern: bytes.count)
        var buffer = unsafe uv_buf_t(
            base: (block + header).assumingMemoryBound(to: CChar.self),
            len: bytes.count
        )
        let code = unsafe uv_write(request, stream, &buffer, 1, streamDidWrite)
        if code < 0 {
            unsafe block.deallocate()
            return close(because: .system(code: code, doing: "writing to a connection"))
        }
        unsentBytes += bytes.count
    }

    fileprivate func didRead(_ count: Int, _ base: UnsafePointer<CChar>?) {
        guard isUp, let delegate = listener else { return }
        if count > 0 {
            wasFull = count == EventLoop.readBytesMax
            delegate.onBytes(unsafe UnsafeRawBufferPointer(start: base, count: count).bytes)
            wasFull = false
        } else if count == Int(UV_EOF.rawValue) {
            isAtEnd = true
            isTaking = false
            delegate.onEnd()
        } else if count < 0 {
            close(
                because: .system(code: Int32(clamping: count), doing: "reading from a connection")
            )
        }
    }

    fileprivate func didWrite(_ count: Int, _ code: Int32) {
        unsentBytes -= count
        guard isUp else { return }
        if code < 0 {
            return close(because: .system(code: code, doing: "writing to a connection"))
        }
        guard unsentBytes == 0 else { return }
        if closesWhenDrained { return close() }
        listener?.onDrained()
    }

    fileprivate func didShutDown(_ code: Int32) {
        guard isUp, code < 0 else { return }
        close(because: .system(code: code, doing: "shutting a connection down"))
    }

    fileprivate func didClose() {
        unsafe tcp.deallocate()
        let last = listener
        listener = nil
        last?.onClosed(closeError)
    }
}

@available(*, unavailable)
extension TCPStream: Sendable {}

// The C callbacks: the handle's `data` is its stream, held by the handle until it is closed.

private func streamDidRead(
    _ handle: UnsafeMutablePointer<uv_stream_t>?,
    _ count: Int,
    _ buffer: UnsafePointer<uv_buf_t>?
) {
    guard let data = unsafe handle?.pointee.data else { return }
    unsafe Unmanaged<TCPStream>.fromOpaque(data)._withUnsafeGuaranteedRef {
        unsafe $0.didRead(count, buffer?.pointee.base)
    }
}

private func streamDidWrite(_ request: UnsafeMutablePointer<uv_write_t>?, _ code: Int32) {
    guard let request = unsafe request, let data = unsafe request.pointee.handle.pointee.data
    else { return }
    let count = unsafe Int(bitPattern: request.pointee.data)
    unsafe UnsafeMutableRawPointer(request).deallocate()
    unsafe Unmanaged<TCPStream>.fromOpaque(data)._withUnsafeGuaranteedRef {
        $0.didWrite(count, code)
    }
}

private func streamDidShutDown(_ request: UnsafeMutablePointer<uv_shutdown_t>?, _ code: Int32) {
    guard let request = unsafe request, let data = unsafe request.pointee.handle.pointee.data
    else { return }
    unsafe request.deallocate()
    unsafe Unmanaged<TCPStream>.fromOpaque(data)._withUnsafeGuaranteedRef { $0.didShutDown(code) }
}

private func streamDidClose(_ handle: UnsafeMutablePointer<uv_handle_t>?) {
    guard let data = unsafe handle?.pointee.data else { return }
    unsafe Unmanaged<TCPStream>.fromOpaque(data).takeRetainedValue().didClose()
}
