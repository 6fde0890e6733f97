internal import CLibUV
internal import Primitives

/// What other threads want done on a loop, first come first served.
@safe final class Inbox: @unchecked Sendable {
    // Sendable because everything that changes is behind the lock, and libuv allows uv_async_send, the only
    // use of the handle off the loop, on any thread as long as the handle is open, which `callersWaking` sees to.

    /// Work for the loop.
    typealias Work = @Sendable (EventLoop) -> Void

    /// What is behind the lock.
    private struct State {
        var work: [Work] = []
        /// A wake-up is on its way, or the loop is about to look.
        var isWoken = false
        var isClosed = false
        /// How many threads are inside uv_async_send.
        var callersWaking = 0
    }

    private let state = Lock(State())
    private let async: UnsafeMutablePointer<uv_async_t>

    /// Opens the inbox on a loop that is not running yet; `uv` must outlive ``close()``.
    init(on uv: UnsafeMutablePointer<uv_loop_t>) throws(LoopError) {
        unsafe async = .allocate(capacity: 1)
        let code = unsafe uv_async_init(uv, async, inboxWasWoken)
        if code < 0 {
            unsafe async.deallocate()
            throw .system(code: code, doing: "making an event loop's inbox")
        }
    }

    deinit {
        // The handle has been closed by the loop, which holds the inbox until then.
        unsafe async.deallocate()
    }

    /// Has the wake-ups handled by `loop`.
    func attach(to loop: EventLoop) {
        unsafe async.pointee.data = Unmanaged.passUnretained(loop).toOpaque()
    }

    /// Takes work; false once the loop is going down.
    func post(_ work: @escaping Work) -> Bool {
        let (isTaken, wakes) = state.withLock { state in
            if state.isClosed { return (false, false) }
            state.work.append(work)
            if state.isWoken { return (true, false) }
            state.isWoken = true
            state.callersWaking += 1
            return (true, true)
        }
        if wakes { wake() }
        return isTaken
    }

    /// Hands over what has come, in order.
    ///
    /// On the loop's thread.
    func takeAll(leaving spare: consuming [Work]) -> [Work] {
        state.withLock { state in
            state.isWoken = false
            let taken = state.work
            state.work = spare
            return taken
        }
    }

    /// Takes no more, hands over what is left, and returns when no thread can touch the handle any more.
    func close() -> [Work] {
        let rest = state.withLock { state in
            state.isClosed = true
            let taken = state.work
            state.work = []
            return taken
        }
        while state.withLock({ $0.callersWaking }) > 0 { sched_yield() }
        return rest
    }

    private func wake() {
        // Only fails for a handle of another type.
        _ = unsafe uv_async_send(async)
        state.withLock { $0.callersWaking -= 1 }
    }
}

private func inboxWasWoken(_ handle: UnsafeMutablePointer<uv_async_t>?) {
    guard let data = unsafe handle?.pointee.data else { return }
    unsafe Unmanaged<EventLoop>.fromOpaque(data).takeUnretainedValue().emptyInbox()
}

/// The door to a loop from any thread: the only thing of a loop that is Sendable.
package struct LoopPort: Sendable {
    private let inbox: Inbox

    /// Makes a door to the loop that empties `inbox`.
    init(_ inbox: Inbox) {
        self.inbox = inbox
    }

    /// Has `work` done on the loop's thread, after everything that was posted before.
    ///
    /// May be called on any thread, also the loop's own (it is then done in a later step). A burst costs one
    /// wake-up. What was taken is done, also when the loop is stopped meanwhile.
    ///
    /// - Returns: False when the loop has been stopped: `work` is dropped.
    @discardableResult
    package func post(_ work: @escaping @Sendable (EventLoop) -> Void) -> Bool {
        inbox.post(work)
    }
}
