internal import CPrimitives
internal import Glibc

/// A place where one thread sleeps until another calls it.
///
/// A call that comes first is kept: the next sleep then ends at once. Several calls before a sleep count as one.
@safe package final class Parker: @unchecked Sendable {
    // Sendable because `isCalled` is only touched with the mutex held, and the two C objects are made for threads.
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>
    private var isCalled = false

    /// Makes a place nobody sleeps in.
    package init() {
        unsafe mutex = .allocate(capacity: 1)
        unsafe condition = .allocate(capacity: 1)
        var attributes = pthread_condattr_t()
        unsafe pthread_condattr_init(&attributes)
        unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        let made = unsafe pthread_mutex_init(mutex, nil) | pthread_cond_init(condition, &attributes)
        unsafe pthread_condattr_destroy(&attributes)
        precondition(made == 0, "the system gave no mutex or condition")
    }

    deinit {
        unsafe pthread_cond_destroy(condition)
        unsafe pthread_mutex_destroy(mutex)
        unsafe condition.deallocate()
        unsafe mutex.deallocate()
    }

    /// Sleeps until somebody calls; at most one thread sleeps at a time.
    package func park() {
        unsafe pthread_mutex_lock(mutex)
        while !isCalled { unsafe pthread_cond_wait(condition, mutex) }
        isCalled = false
        unsafe pthread_mutex_unlock(mutex)
    }

    /// Sleeps until somebody calls or a moment has come; at most one thread sleeps at a time.
    package func park(until deadline: Instant) {
        var time = timespec(
            tv_sec: Int(clamping: deadline.nanoseconds / 1_000_000_000),
            tv_nsec: Int(clamping: deadline.nanoseconds % 1_000_000_000)
        )
        unsafe pthread_mutex_lock(mutex)
        var isLate = false
        while !isCalled, !isLate {
            isLate = unsafe pthread_cond_timedwait(condition, mutex, &time) == ETIMEDOUT
        }
        isCalled = false
        unsafe pthread_mutex_unlock(mutex)
    }

    /// Wakes the sleeper, or spares the next one its sleep; may be called on any thread.
    package func unpark() {
        unsafe pthread_mutex_lock(mutex)
        isCalled = true
        unsafe pthread_mutex_unlock(mutex)
        unsafe pthread_cond_signal(condition)
    }
}
