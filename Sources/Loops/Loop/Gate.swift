internal import CLibUV

/// A place where one thread waits until another lets it pass.
@safe final class Gate: @unchecked Sendable {
    // Sendable because a POSIX semaphore is made to be used from several threads.
    private let semaphore: UnsafeMutablePointer<sem_t>

    /// Makes a closed gate.
    init() {
        unsafe semaphore = .allocate(capacity: 1)
        // Fails only for a value above SEM_VALUE_MAX.
        _ = unsafe sem_init(semaphore, 0, 0)
    }

    deinit {
        _ = unsafe sem_destroy(semaphore)
        unsafe semaphore.deallocate()
    }

    /// Lets one waiting, or coming, thread pass.
    func open() {
        _ = unsafe sem_post(semaphore)
    }

    /// Blocks until the gate is opened.
    func wait() {
        // Interrupted by a signal: again.
        while unsafe sem_wait(semaphore) != 0 {}
    }
}
