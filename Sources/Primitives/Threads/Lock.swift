internal import Glibc
public import Synchronization

/// A value behind a spinning lock, for sections of less than a microsecond that do no I/O and call nobody.
///
/// Spinning, because a section of some 50 ns under `Synchronization.Mutex` spends more on the lock than on the
/// section (55 ns a pair uncontended, against 10 ns here), and one hot `Mutex` shared by more threads than cores
/// takes 26 µs a turn against 0.25 µs. A waiter spins a little, then yields its processor. There is no priority
/// inheritance: never hold it over a system call, an allocation of unbounded size or a foreign closure.
///
/// All of it is `@inlinable`: as a generic across rooms it would otherwise cost some 50 ns a call.
@usableFromInline
@safe package struct Lock<Value: ~Copyable>: ~Copyable, @unchecked Sendable {
    // Sendable because the value is reached only between `acquire` and `release` of the atomic word.
    @usableFromInline let word: Atomic<UInt32>
    @usableFromInline let value: UnsafeMutablePointer<Value>

    /// Takes the value into the lock's keeping.
    @inlinable
    package init(_ value: consuming sending Value) {
        word = Atomic(0)
        unsafe self.value = .allocate(capacity: 1)
        unsafe self.value.initialize(to: value)
    }

    @inlinable
    deinit {
        unsafe value.deinitialize(count: 1)
        unsafe value.deallocate()
    }

    /// Runs `body` with the value while no other thread has it, and gives back what it gives.
    @inlinable @inline(always)
    package borrowing func withLock<Result: ~Copyable, Failure: Error>(
        _ body: (inout sending Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        acquire()
        defer { word.store(0, ordering: .releasing) }
        return try unsafe body(&value.pointee)
    }

    @inlinable @inline(always)
    borrowing func acquire() {
        if word.compareExchange(expected: 0, desired: 1, ordering: .acquiring).exchanged { return }
        acquireSlowly(word)
    }
}

/// Spins, then yields between looks, until the word is taken; apart from the lock, so that only one copy exists.
@usableFromInline
func acquireSlowly(_ word: borrowing Atomic<UInt32>) {
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
