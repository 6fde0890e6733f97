public import Synchronization

/// Many values, each behind a spinning lock of its own on cache lines of its own.
///
/// For the design of the lock see ``Lock``; the same rules hold for what may be done under it.
@usableFromInline
@safe package struct StripedLock<Value: ~Copyable>: ~Copyable, @unchecked Sendable {
    // Sendable because a value is reached only while the atomic word before it is held.
    @usableFromInline let base: UnsafeMutableRawPointer
    @usableFromInline let stride: Int
    /// How many values there are.
    @usableFromInline package let count: Int

    /// Makes the values.
    ///
    /// - Parameters:
    ///   - count: How many.
    ///   - make: Gives the value of an index.
    @inlinable
    package init(count: Int, _ make: (Int) -> Value) {
        self.count = count
        let size = MemoryLayout<Value>.stride + Self.valueOffset
        stride = (size + Self.line - 1) / Self.line * Self.line
        unsafe base = .allocate(byteCount: max(1, count) * stride, alignment: Self.line)
        for index in 0..<count {
            // Word and value lie within the stride of their index; the alignment of both is at most 64.
            let cell = unsafe base + index * stride
            unsafe cell.initializeMemory(as: Atomic<UInt32>.self, to: Atomic(0))
            unsafe (cell + Self.valueOffset).bindMemory(to: Value.self, capacity: 1)
                .initialize(to: make(index))
        }
    }

    @inlinable
    deinit {
        for index in 0..<count {
            unsafe value(index).deinitialize(count: 1)
            unsafe word(index).deinitialize(count: 1)
        }
        unsafe base.deallocate()
    }

    /// Runs `body` with one value while no other thread has it.
    @inlinable @inline(always)
    package borrowing func withLock<Result: ~Copyable, Failure: Error>(
        _ index: Int,
        _ body: (inout Value) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        acquire(index)
        defer { release(index) }
        return try unsafe body(&value(index).pointee)
    }

    /// Runs `body` with several values while no other thread has any of them.
    ///
    /// - Parameters:
    ///   - indices: Which; ascending and each once, so that two threads cannot wait for each other.
    ///   - body: What to do.
    /// - Returns: What `body` gives.
    @inlinable
    package borrowing func withLocks<Result: ~Copyable>(
        _ indices: [Int],
        _ body: (inout LockedStripes<Value>) -> Result
    ) -> Result {
        var last = -1
        for index in indices {
            precondition(index > last, "locks are taken in ascending order")
            last = index
            acquire(index)
        }
        defer { for index in indices { release(index) } }
        var locked = unsafe LockedStripes<Value>(base: base, stride: stride, indices: indices)
        return body(&locked)
    }

    @inlinable static var line: Int { 128 }
    @inlinable static var valueOffset: Int { 64 }

    @inlinable @inline(always)
    borrowing func word(_ index: Int) -> UnsafeMutablePointer<Atomic<UInt32>> {
        precondition(index >= 0 && index < count, "no such stripe")
        return unsafe (base + index * stride).assumingMemoryBound(to: Atomic<UInt32>.self)
    }

    @inlinable @inline(always)
    borrowing func value(_ index: Int) -> UnsafeMutablePointer<Value> {
        unsafe (base + (index * stride + Self.valueOffset)).assumingMemoryBound(to: Value.self)
    }

    @inlinable @inline(always)
    borrowing func acquire(_ index: Int) {
        let word = unsafe word(index)
        if unsafe word.pointee.compareExchange(expected: 0, desired: 1, ordering: .acquiring)
            .exchanged
        {
            return
        }
        unsafe acquireSlowly(word.pointee)
    }

    @inlinable @inline(always)
    borrowing func release(_ index: Int) {
        unsafe word(index).pointee.store(0, ordering: .releasing)
    }
}

/// The values of a ``StripedLock`` that the calling thread holds, within the call that locked them.
@usableFromInline
@safe package struct LockedStripes<Value: ~Copyable>: ~Copyable {
    @usableFromInline let base: UnsafeMutableRawPointer
    @usableFromInline let stride: Int
    /// Which values are held, ascending.
    @usableFromInline package let indices: [Int]

    @inlinable
    @unsafe init(base: UnsafeMutableRawPointer, stride: Int, indices: [Int]) {
        unsafe self.base = unsafe base
        self.stride = stride
        self.indices = indices
    }

    /// Whether a value is among those held.
    @inlinable
    package func holds(_ index: Int) -> Bool { indices.contains(index) }

    /// Those of some values that are not held.
    @inlinable
    package func missing(of wanted: [Int]) -> [Int] {
        let held = indices
        return wanted.filter { !held.contains($0) }
    }

    /// Runs `body` with one of the values held.
    @inlinable
    package mutating func with<Result: ~Copyable>(
        _ index: Int,
        _ body: (inout Value) -> Result
    )
        -> Result
    {
        precondition(holds(index), "this stripe is not locked")
        // Exclusive, because `self` is: it cannot be copied, and `with` changes it.
        let place = unsafe base + (index * stride + StripedLock<Value>.valueOffset)
        return unsafe body(&place.assumingMemoryBound(to: Value.self).pointee)
    }
}
