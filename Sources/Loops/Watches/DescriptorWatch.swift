internal import CLibUV

/// A foreign descriptor watched by a loop; see ``EventLoop/watch(_:for:_:)``.
///
/// Bound to its loop. The descriptor stays its owner's, who closes it after ``cancel()`` or before, never while
/// it is watched.
@safe package final class DescriptorWatch {
    // Alive until the close callback; nil from the moment it begins to close.
    private var poll: UnsafeMutablePointer<uv_poll_t>?
    private var fire: ((DescriptorEvents) -> Void)?

    /// Begins to watch.
    init(
        loop: EventLoop,
        descriptor: Int32,
        events: DescriptorEvents,
        fire: @escaping (DescriptorEvents) -> Void
    ) throws(LoopError) {
        self.fire = fire
        let poll = UnsafeMutablePointer<uv_poll_t>.allocate(capacity: 1)
        let code = unsafe uv_poll_init(loop.uv, poll, descriptor)
        if code < 0 {
            unsafe poll.deallocate()
            throw .system(code: code, doing: "watching a descriptor")
        }
        unsafe self.poll = poll
        unsafe poll.pointee.data = Unmanaged.passRetained(self).toOpaque()
        update(events)
    }

    /// Changes what is watched for; the empty set pauses.
    package func update(_ events: DescriptorEvents) {
        guard let poll = unsafe poll else { return }
        // Neither can fail for a handle that is open.
        if events.isEmpty {
            _ = unsafe uv_poll_stop(poll)
        } else {
            _ = unsafe uv_poll_start(poll, events.rawValue, descriptorIsReady)
        }
    }

    /// Ends the watch; the descriptor may be closed right after.
    package func cancel() {
        guard let poll = unsafe poll else { return }
        unsafe self.poll = nil
        fire = nil
        unsafe uv_close(poll.seen(as: uv_handle_t.self), watchDidClose)
    }

    fileprivate func isReady(_ code: Int32, _ events: Int32) {
        guard let fire else { return }
        // On an error the owner finds out by reading or writing.
        fire(code < 0 ? [.readable, .writable] : DescriptorEvents(rawValue: events & 3))
    }
}

@available(*, unavailable)
extension DescriptorWatch: Sendable {}

private func descriptorIsReady(
    _ handle: UnsafeMutablePointer<uv_poll_t>?,
    _ code: Int32,
    _ events: Int32
) {
    guard let data = unsafe handle?.pointee.data else { return }
    // Held here too: the handle's own hold ends when the watch is cancelled while it fires.
    unsafe Unmanaged<DescriptorWatch>.fromOpaque(data).takeUnretainedValue().isReady(code, events)
}

private func watchDidClose(_ handle: UnsafeMutablePointer<uv_handle_t>?) {
    guard let handle = unsafe handle else { return }
    if let data = unsafe handle.pointee.data {
        unsafe Unmanaged<DescriptorWatch>.fromOpaque(data).release()
    }
    unsafe handle.seen(as: uv_poll_t.self).deallocate()
}

/// What a descriptor is watched for, or is ready for.
package struct DescriptorEvents: OptionSet, Sendable, Hashable {
    /// The set's bits.
    package let rawValue: Int32

    /// Makes a set from its bits.
    package init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    /// Reading would not block.
    package static let readable = DescriptorEvents(rawValue: 1)
    /// Writing would not block.
    package static let writable = DescriptorEvents(rawValue: 2)
}
