internal import CPrimitives
internal import Glibc

/// A thread of the operating system that runs one closure.
@safe package final class WorkerThread: @unchecked Sendable {
    // Sendable because the thread's number is written before anybody can see it and `isJoined` lies behind a lock.
    private let handle: pthread_t
    private let isJoined = Lock(false)

    /// Starts a thread.
    ///
    /// - Parameters:
    ///   - name: The thread's name for people; the system keeps 15 bytes.
    ///   - stackBytes: The size of its stack.
    ///   - body: What it runs; the thread ends when this returns.
    package init(name: String, stackBytes: Int = 1 << 20, body: @escaping @Sendable () -> Void) {
        let work = ThreadBody(name: name, body: body)
        var attributes = pthread_attr_t()
        unsafe pthread_attr_init(&attributes)
        unsafe pthread_attr_setstacksize(&attributes, max(stackBytes, 1 << 17))
        var started = pthread_t()
        let context = unsafe Unmanaged.passRetained(work)
        let result = unsafe pthread_create(&started, &attributes, runThread, context.toOpaque())
        unsafe pthread_attr_destroy(&attributes)
        precondition(result == 0, "the system gave no thread (error \(result))")
        handle = started
    }

    deinit {
        // Nobody waits for it any more: its resources go when it ends.
        if !isJoined.withLock({ $0 }) { pthread_detach(handle) }
    }

    /// Makes the calling thread less urgent than others, by 1 to 19; it stays as it is where the system refuses.
    package static func yieldToOthers(_ niceness: Int) {
        sluice_be_nice(Int32(clamping: niceness))
    }

    /// Waits until the closure has returned; does nothing on the thread itself or a second time.
    package func join() {
        guard pthread_equal(pthread_self(), handle) == 0 else { return }
        let isFirst = isJoined.withLock { joined -> Bool in
            let first = !joined
            joined = true
            return first
        }
        if isFirst { pthread_join(handle, nil) }
    }
}

/// What a thread needs to begin: carried over the C boundary by one retain.
private final class ThreadBody: Sendable {
    let name: String
    let body: @Sendable () -> Void

    init(name: String, body: @escaping @Sendable () -> Void) {
        self.name = name
        self.body = body
    }
}

/// The thread's first function: takes over the retain of `ThreadBody` and runs it.
private func runThread(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context = unsafe context else { return nil }
    let work = unsafe Unmanaged<ThreadBody>.fromOpaque(context).takeRetainedValue()
    unsafe sluice_name_thread(String(work.name.prefix(15)))
    work.body()
    return nil
}
