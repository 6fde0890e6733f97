internal import CLibUV
internal import Primitives

/// Something that will happen on a loop later, once or again and again; see ``EventLoop/schedule(after:_:)``.
///
/// Bound to its loop. It fires also when nobody holds it.
@safe package final class LoopTimer {
    // Alive until the close callback; nil from the moment it begins to close.
    private var timer: UnsafeMutablePointer<uv_timer_t>?
    private var fire: (() -> Void)?
    private let repeats: Bool

    /// Starts a timer; `period` is nil for one that fires once.
    init(
        loop: EventLoop,
        after delay: Nanoseconds,
        period: Nanoseconds?,
        fire: @escaping () -> Void
    ) {
        self.fire = fire
        repeats = period != nil
        let timer = UnsafeMutablePointer<uv_timer_t>.allocate(capacity: 1)
        unsafe self.timer = timer
        // Neither call can fail for a callback that is not null and a handle that is not closing.
        _ = unsafe uv_timer_init(loop.uv, timer)
        unsafe timer.pointee.data = Unmanaged.passRetained(self).toOpaque()
        let again = UInt64(period.map { max(1, $0.millisecondsRoundedUp) } ?? 0)
        _ = unsafe uv_timer_start(timer, timerDidFire, loop.millisecondsUntil(delay), again)
    }

    /// True until it is cancelled or, if it fires once, has fired.
    package var isActive: Bool { fire != nil }

    /// Makes sure that it does not fire (again).
    ///
    /// May be called at any time, also while firing.
    package func cancel() {
        guard let timer = unsafe timer else { return }
        unsafe self.timer = nil
        fire = nil
        unsafe uv_close(timer.seen(as: uv_handle_t.self), timerDidClose)
    }

    fileprivate func didFire() {
        guard let fire else { return }
        if !repeats { cancel() }
        fire()
    }
}

@available(*, unavailable)
extension LoopTimer: Sendable {}

private func timerDidFire(_ handle: UnsafeMutablePointer<uv_timer_t>?) {
    guard let data = unsafe handle?.pointee.data else { return }
    // Held here too: the handle's own hold ends when the timer is cancelled while it fires.
    unsafe Unmanaged<LoopTimer>.fromOpaque(data).takeUnretainedValue().didFire()
}

private func timerDidClose(_ handle: UnsafeMutablePointer<uv_handle_t>?) {
    guard let handle = unsafe handle else { return }
    if let data = unsafe handle.pointee.data {
        unsafe Unmanaged<LoopTimer>.fromOpaque(data).release()
    }
    unsafe handle.seen(as: uv_timer_t.self).deallocate()
}
