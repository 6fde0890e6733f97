internal import CLibUV

/// A thread of the operating system that runs one closure.
@safe final class LoopThread: Sendable {
    private let thread: pthread_t

    /// Starts the thread; `name` shows in `top -H`, cut to 15 bytes.
    init(name: String, body: @escaping @Sendable () -> Void) throws(LoopError) {
        var thread = pthread_t()
        let box = unsafe Unmanaged.passRetained(Body(name: name, run: body))
        let code = unsafe pthread_create(&thread, nil, threadBegins, box.toOpaque())
        if code != 0 {
            unsafe box.release()
            throw .system(code: -code, doing: "starting the thread \(name)")
        }
        self.thread = thread
    }

    /// Waits until the closure has returned; on the thread itself does not wait.
    ///
    /// To be called exactly once.
    func end() {
        let isOwn = pthread_equal(thread, pthread_self()) != 0
        let code = isOwn ? pthread_detach(thread) : pthread_join(thread, nil)
        precondition(code == 0, "a loop's thread was ended twice")
    }

    /// What the new thread is given.
    fileprivate final class Body: Sendable {
        let name: String
        let run: @Sendable () -> Void

        init(name: String, run: @escaping @Sendable () -> Void) {
            self.name = name
            self.run = run
        }
    }
}

private func threadBegins(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument = unsafe argument else { return nil }
    let body = unsafe Unmanaged<LoopThread.Body>.fromOpaque(argument).takeRetainedValue()
    unsafe sluice_name_thread(body.name)
    body.run()
    return nil
}

/// A value of one loop that travels through other threads, and can be looked at on its own loop only.
///
/// For closures that go through a ``LoopPort``: they carry this, and get the value back from the loop they run on.
/// Where the last hold is let go on another thread, a class's `deinit` runs there; it must not mind.
package final class LoopBound<Value>: @unchecked Sendable {
    // Sendable because `value` is only given out to who shows the loop it belongs to, which cannot leave its thread.
    @usableFromInline let value: Value
    @usableFromInline let loop: ObjectIdentifier
    /// The door to the value's loop.
    package let port: LoopPort

    /// Binds a value to the loop that this runs on.
    @inlinable
    package init(_ value: Value, on loop: EventLoop) {
        self.value = value
        self.loop = ObjectIdentifier(loop)
        port = loop.port
    }

    /// The value; a trap on any other loop.
    @inlinable
    package func get(on loop: EventLoop) -> Value {
        precondition(
            self.loop == ObjectIdentifier(loop),
            "a value was used on another loop than its own"
        )
        return value
    }
}
