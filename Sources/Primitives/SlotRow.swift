internal import CPrimitives
internal import Glibc

/// A row of 64-bit slots, all bits set at first.
///
/// Large rows are mapped from the system and unmapped at their end: the rows that an index outgrows would otherwise
/// lie about in the heap, a tenth of the whole table.
@usableFromInline
@safe struct SlotRow: ~Copyable {
    @usableFromInline let base: UnsafeMutablePointer<UInt64>
    @usableFromInline let count: Int

    @usableFromInline
    init(count: Int) {
        self.count = count
        unsafe base = Self.allocate(count)
        unsafe base.initialize(repeating: .max, count: count)
    }

    @usableFromInline
    deinit {
        if Self.isMapped(count) {
            unsafe munmap(base, count * 8)
        } else {
            unsafe base.deallocate()
        }
    }

    @inlinable @inline(always)
    subscript(index: Int) -> UInt64 {
        get {
            precondition(index >= 0 && index < count, "no such slot")
            return unsafe base[index]
        }
        nonmutating set {
            precondition(index >= 0 && index < count, "no such slot")
            unsafe base[index] = newValue
        }
    }

    /// Asks the processor to bring a slot near; the index is not checked, as nothing is read.
    @usableFromInline
    func prefetch(_ index: Int) {
        unsafe sluice_prefetch(base + index)
    }

    private static func isMapped(_ count: Int) -> Bool { count >= 512 }

    private static func allocate(_ count: Int) -> UnsafeMutablePointer<UInt64> {
        guard isMapped(count) else { return .allocate(capacity: max(1, count)) }
        let access = PROT_READ | PROT_WRITE
        let place = unsafe mmap(nil, count * 8, access, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let place = unsafe place, unsafe place != MAP_FAILED else {
            preconditionFailure("the system gave no memory for an index of \(count) slots")
        }
        return unsafe place.bindMemory(to: UInt64.self, capacity: count)
    }
}
