internal import CLibUV

/// Asks whether somebody listens on a port of this machine's loopback addresses.
@safe package final class PortProbe {
    // Alive until the close callback; nil from the moment it begins to close.
    private var tcp: UnsafeMutablePointer<uv_tcp_t>?
    private let request: UnsafeMutablePointer<uv_connect_t>
    private var onAnswer: ((Bool) -> Void)?

    /// Asks 127.0.0.1, then ::1.
    ///
    /// - Parameters:
    ///   - loop: The loop this runs on.
    ///   - port: The port.
    ///   - onAnswer: Called once on the loop; not where the loop stops before.
    package static func ask(_ loop: EventLoop, port: Int, onAnswer: @escaping (Bool) -> Void) {
        _ = PortProbe(loop, "127.0.0.1", port) { isOpen in
            if isOpen { return onAnswer(true) }
            _ = PortProbe(loop, "::1", port, onAnswer: onAnswer)
        }
    }

    private init(
        _ loop: EventLoop,
        _ address: String,
        _ port: Int,
        onAnswer: @escaping (Bool) -> Void
    ) {
        self.onAnswer = onAnswer
        unsafe request = .allocate(capacity: 1)
        let tcp = UnsafeMutablePointer<uv_tcp_t>.allocate(capacity: 1)
        // Cannot fail: it makes no socket yet.
        _ = unsafe uv_tcp_init(loop.uv, tcp)
        unsafe self.tcp = tcp
        unsafe tcp.pointee.data = Unmanaged.passRetained(self).toOpaque()
        unsafe request.pointee.data = tcp.pointee.data
        let code = unsafe sluice_connect(
            request,
            tcp,
            address,
            Int32(clamping: port),
            probeDidConnect
        )
        // Not answered here: nobody expects the answer before the question has returned.
        if code < 0 { loop.defer { [self] in answer(false) } }
    }

    deinit {
        unsafe request.deallocate()
    }

    /// Gives up; nobody is told.
    func close() {
        guard let tcp = unsafe tcp else { return }
        unsafe self.tcp = nil
        onAnswer = nil
        unsafe uv_close(tcp.seen(as: uv_handle_t.self), probeDidClose)
    }

    fileprivate func answer(_ isOpen: Bool) {
        let tell = onAnswer
        close()
        tell?(isOpen)
    }
}

/// Called once for every request that began, with an error where the handle was closed before.
private func probeDidConnect(_ request: UnsafeMutablePointer<uv_connect_t>?, _ code: Int32) {
    guard let data = unsafe request?.pointee.data else { return }
    unsafe Unmanaged<PortProbe>.fromOpaque(data).takeUnretainedValue().answer(code == 0)
}

private func probeDidClose(_ handle: UnsafeMutablePointer<uv_handle_t>?) {
    guard let handle = unsafe handle else { return }
    if let data = unsafe handle.pointee.data {
        unsafe Unmanaged<PortProbe>.fromOpaque(data).release()
    }
    unsafe handle.seen(as: uv_tcp_t.self).deallocate()
}
