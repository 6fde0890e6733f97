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
