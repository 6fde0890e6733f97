internal import Glibc

/// A value behind a mutex, with the means to wait until it has changed.
@safe package final class Monitor<State>: @unchecked Sendable {
    // Sendable because the value is reached only with the mutex held.
    private let state: UnsafeMutablePointer<State>
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    /// Takes the value into the monitor's keeping.
    package init(_ value: consuming sending State) {
        unsafe state = .allocate(capacity: 1)
        unsafe state.initialize(to: value)
        unsafe pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        unsafe pthread_condattr_init(&attributes)
        unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        unsafe pthread_cond_init(changed, &attributes)
        unsafe pthread_condattr_destroy(&attributes)
    }

    deinit {
        unsafe pthread_cond_destroy(changed)
        unsafe pthread_mutex_destroy(mutex)
        unsafe state.deinitialize(count: 1)
        unsafe state.deallocate()
        unsafe mutex.deallocate()
        unsafe changed.deallocate()
    }

    /// Runs `body` with the value while no other thread has it.
    package func withLock<Result, Failure: Error>(
        _ body: (inout State) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return unsafe try body(&state.pointee)
    }

    /// Waits until `body`, run again after every change, gives something.
    package func wait<Result>(for body: (inout State) -> Result?) -> Result {
        wait(until: { _ in nil }, for: { state, _ in body(&state) })
    }

    /// Waits until `body`, run again after every change, gives something; it is told when the
    /// deadline has passed, which is asked for anew before every sleep.
    ///
    /// The value is not borrowed while the thread sleeps: every run of `body` is an access of its
    /// own.
    package func wait<Result>(
        until deadline: (borrowing State) -> Instant?,
        for body: (inout State, _ isLate: Bool) -> Result?
    ) -> Result {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        var isLate = false
        while true {
            if let result = unsafe body(&state.pointee, isLate) { return result }
            if let deadline = unsafe deadline(state.pointee) {
                var time = timespec(
                    tv_sec: Int(clamping: deadline.nanoseconds / 1_000_000_000),
                    tv_nsec: Int(clamping: deadline.nanoseconds % 1_000_000_000)
                )
                isLate = unsafe pthread_cond_timedwait(changed, mutex, &time) == ETIMEDOUT
            } else {
                isLate = false
                unsafe pthread_cond_wait(changed, mutex)
            }
        }
    }

    /// Wakes every thread that waits, so that it looks again.
    package func wakeAll() {
        unsafe pthread_cond_broadcast(changed)
    }
}
