internal import Glibc
internal import Primitives

/// A value behind a lock, with a way to wait until it satisfies a condition.
@safe package final class Watched<Value>: @unchecked Sendable {
    // Sendable because the value is reached only while the mutex is held.
    private var value: Value
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    /// Takes the value into the monitor's keeping.
    package init(_ value: sending Value) {
        self.value = value
        unsafe pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        unsafe pthread_condattr_init(&attributes)
        unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        unsafe pthread_cond_init(changed, &attributes)
    }

    deinit {
        unsafe pthread_cond_destroy(changed)
        unsafe pthread_mutex_destroy(mutex)
        unsafe changed.deallocate()
        unsafe mutex.deallocate()
    }

    /// Runs `body` with the value while no other thread has it, then wakes everybody who waits.
    package func withLock<Result, Failure: Error>(
        _ body: (inout Value) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        unsafe pthread_mutex_lock(mutex)
        defer {
            unsafe pthread_cond_broadcast(changed)
            unsafe pthread_mutex_unlock(mutex)
        }
        return try body(&value)
    }

    /// Waits until `find` finds something in the value, and gives it; nil when the deadline passes first.
    package func wait<Found>(
        until deadline: Deadline,
        for find: (inout Value) -> Found?
    ) -> Found? {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        let nanoseconds = deadline.moment.nanoseconds
        var end = timespec(
            tv_sec: Int(clamping: nanoseconds / 1_000_000_000),
            tv_nsec: Int(nanoseconds % 1_000_000_000)
        )
        while true {
            if let found = find(&value) { return found }
            if deadline.hasPassed { return nil }
            unsafe pthread_cond_timedwait(changed, mutex, &end)
        }
    }
}
