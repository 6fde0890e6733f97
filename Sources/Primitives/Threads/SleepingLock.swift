internal import Glibc

/// A value behind a lock whose waiters sleep, for sections that may take long: a `pthread_mutex_t`.
///
/// `Synchronization.Mutex` would do, but the thread sanitizer does not see its contended path and reports what it
/// guards as a race; this one it understands. `@inlinable`, because as a generic across rooms it would cost more than
/// the lock.
@usableFromInline
@safe package struct SleepingLock<Value>: ~Copyable, @unchecked Sendable {
    // Sendable because the value is reached only with the mutex held.
    @usableFromInline let mutex: UnsafeMutableRawPointer
    @usableFromInline let value: UnsafeMutablePointer<Value>

    /// Takes the value into the lock's keeping.
    @inlinable
    package init(_ value: consuming sending Value) {
        unsafe mutex = makeMutex()
        unsafe self.value = .allocate(capacity: 1)
        unsafe self.value.initialize(to: value)
    }

    @inlinable
    deinit {
        unsafe value.deinitialize(count: 1)
        unsafe value.deallocate()
        unsafe freeMutex(mutex)
    }

    /// Runs `body` with the value while no other thread has it, and gives back what it gives; it must not be nested.
    @inlinable @inline(always)
    package borrowing func withLock<Result: ~Copyable, Failure: Error>(
        _ body: (inout sending Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        unsafe lockMutex(mutex)
        defer { unsafe unlockMutex(mutex) }
        return try unsafe body(&value.pointee)
    }
}

@usableFromInline
func makeMutex() -> UnsafeMutableRawPointer {
    let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    unsafe pthread_mutex_init(mutex, nil)
    return UnsafeMutableRawPointer(mutex)
}

@usableFromInline
func lockMutex(_ mutex: UnsafeMutableRawPointer) {
    unsafe pthread_mutex_lock(mutex.assumingMemoryBound(to: pthread_mutex_t.self))
}

@usableFromInline
func unlockMutex(_ mutex: UnsafeMutableRawPointer) {
    unsafe pthread_mutex_unlock(mutex.assumingMemoryBound(to: pthread_mutex_t.self))
}

@usableFromInline
func freeMutex(_ mutex: UnsafeMutableRawPointer) {
    let mutex = unsafe mutex.assumingMemoryBound(to: pthread_mutex_t.self)
    unsafe pthread_mutex_destroy(mutex)
    unsafe mutex.deallocate()
}
