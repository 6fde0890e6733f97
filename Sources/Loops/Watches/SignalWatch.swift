internal import CLibUV

/// A signal that is handled on a loop instead of ending the process; see ``EventLoop/onSignal(_:_:)``.
@safe package final class SignalWatch {
    // Alive until the close callback; nil from the moment it begins to close.
    private var signal: UnsafeMutablePointer<uv_signal_t>?
    private var fire: ((Int32) -> Void)?

    /// Begins to catch `number`.
    init(loop: EventLoop, number: Int32, fire: @escaping (Int32) -> Void) throws(LoopError) {
        self.fire = fire
        let signal = UnsafeMutablePointer<uv_signal_t>.allocate(capacity: 1)
        let code = unsafe uv_signal_init(loop.uv, signal)
        if code < 0 {
            unsafe signal.deallocate()
            throw .system(code: code, doing: "catching signal \(number)")
        }
        unsafe self.signal = signal
        unsafe signal.pointee.data = Unmanaged.passRetained(self).toOpaque()
        let started = unsafe uv_signal_start(signal, signalDidFire, number)
        if started < 0 {
            cancel()
            throw .system(code: started, doing: "catching signal \(number)")
        }
    }

    /// Gives the signal back to its usual effect.
    package func cancel() {
        guard let signal = unsafe signal else { return }
        unsafe self.signal = nil
        fire = nil
        unsafe uv_close(signal.seen(as: uv_handle_t.self), signalDidClose)
    }

    fileprivate func didFire(_ number: Int32) {
        if let fire { fire(number) }
    }
}

@available(*, unavailable)
extension SignalWatch: Sendable {}

private func signalDidFire(_ handle: UnsafeMutablePointer<uv_signal_t>?, _ number: Int32) {
    guard let data = unsafe handle?.pointee.data else { return }
    unsafe Unmanaged<SignalWatch>.fromOpaque(data).takeUnretainedValue().didFire(number)
}

private func signalDidClose(_ handle: UnsafeMutablePointer<uv_handle_t>?) {
    guard let handle = unsafe handle else { return }
    if let data = unsafe handle.pointee.data {
        unsafe Unmanaged<SignalWatch>.fromOpaque(data).release()
    }
    unsafe handle.seen(as: uv_signal_t.self).deallocate()
}
