internal import Glibc

/// A thread of the log's own.
@safe final class LogThread: @unchecked Sendable {
    // Sendable because the handle is set once, before the object is shared.
    private var handle = pthread_t()

    private final class Work {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }

    /// Starts a thread.
    ///
    /// - Throws: `EAGAIN` as a failure of `open` where the system has no more threads to give.
    init(name: String, _ body: @escaping @Sendable () -> Void) throws(FileFailure) {
        // Kept alive for the new thread by the retain; taken back there, or here when there is no thread.
        let work = unsafe Unmanaged.passRetained(Work(name: name, body: body))
        let code = unsafe pthread_create(
            &handle, nil,
            { argument in
                guard let argument = unsafe argument else { return nil }
                let work = unsafe Unmanaged<Work>.fromOpaque(argument).takeRetainedValue()
                work.body()
                return nil
            }, work.toOpaque())
        if code != 0 {
            work.release()
            throw FileFailure(.open, path: "thread " + name, code: code)
        }
    }

    /// Waits until the thread has ended; once.
    func join() {
        unsafe pthread_join(handle, nil)
    }
}
