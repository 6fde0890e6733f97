internal import Glibc

/// A thread of the operating system, apart from Swift's own pool, that may block as it likes.
@safe package final class KitThread: @unchecked Sendable {
    // Sendable because nothing changes after init but the joined flag behind its monitor.
    private let thread: pthread_t
    private let isJoined = Watched(false)

    /// Starts a thread that runs `body`.
    package init(_ body: @escaping @Sendable () -> Void) {
        let box = unsafe Unmanaged.passRetained(Work(body))
        var started = pthread_t()
        let result = unsafe pthread_create(&started, nil, { unsafe runWork($0) }, box.toOpaque())
        precondition(result == 0, "a thread could not be started: errno \(result)")
        thread = started
    }

    /// Waits until the body has returned; may be called more than once.
    package func join() {
        let isFirst = isJoined.withLock { joined in
            defer { joined = true }
            return !joined
        }
        if isFirst { pthread_join(thread, nil) }
    }

    deinit {
        isJoined.withLock { joined in
            if !joined { pthread_detach(thread) }
        }
    }
}

/// The body of a thread as an object, for its journey through C.
private final class Work: Sendable {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) {
        self.body = body
    }
}

/// What a new thread runs: takes the body over from C, which keeps no reference, and calls it.
private func runWork(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let context = unsafe context {
        unsafe Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body()
    }
    return nil
}
