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

    /// Waits until the closure has returned.
    ///
    /// To be called exactly once, on another thread.
    func join() {
        let code = pthread_join(thread, nil)
        precondition(code == 0, "a loop's thread was joined twice, or by itself")
    }

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
