internal import CPrimitives
internal import Synchronization

/// A value behind a spinning lock, for sections of less than a microsecond that do no I/O and call nobody.
///
/// A waiter spins a little, then yields its processor. There is no priority inheritance: never hold it over a
/// system call, an allocation of unbounded size or a foreign closure.
@safe package struct Lock<Value: ~Copyable>: ~Copyable, @unchecked Sendable {
    // Sendable because the value is reached only between `acquire` and `release` of the atomic word.
    private let word = Atomic<UInt32>(0)
    private let value: UnsafeMutablePointer<Value>

    /// Takes the value into the lock's keeping.
    package init(_ value: consuming sending Value) {
        unsafe self.value = .allocate(capacity: 1)
        unsafe self.value.initialize(to: value)
    }

    deinit {
        unsafe value.deinitialize(count: 1)
        unsafe value.deallocate()
    }

    /// Runs `body` with the value while no other thread has it, and gives back what it gives.
    @inline(always)
    package borrowing func withLock<Result: ~Copyable, Failure: Error>(
        _ body: (inout sending Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        acquire()
        defer { word.store(0, ordering: .releasing) }
        return try unsafe body(&value.pointee)
    }

    @inline(always)
    private borrowing func acquire() {
        if word.compareExchange(expected: 0, desired: 1, ordering: .acquiring).exchanged { return }
        acquireSlowly()
    }

    @inline(never)
    private borrowing func acquireSlowly() {
        var turns = 0
        while true {
            if word.load(ordering: .relaxed) == 0,
                word.compareExchange(expected: 0, desired: 1, ordering: .acquiring).exchanged
            {
                return
            }
            turns += 1
            if turns > 64 { sched_yield() }
        }
    }
}
