internal import CPrimitives

/// A row of 64-bit slots, all bits set at first.
///
/// A long row is made of pages of 512 slots, so that rows of any length leave no gaps of memory behind, and a short one of
/// one piece from the heap. Pages come from huge ones (pages.h), because a look into a large table misses the
/// processor's address cache as surely as its data cache.
@usableFromInline
@safe struct SlotRow: ~Copyable {
    @usableFromInline let pages: UnsafeMutablePointer<UnsafeMutablePointer<UInt64>>
    @usableFromInline let count: Int

    /// Makes a row; beyond 512 slots it is as long as its pages.
    @usableFromInline
    init(count wanted: Int) {
        let isPaged = wanted > Self.pageSlots
        let pageCount = isPaged ? (wanted + Self.pageSlots - 1) / Self.pageSlots : 1
        count = isPaged ? pageCount * Self.pageSlots : wanted
        unsafe pages = .allocate(capacity: pageCount)
        for index in 0..<pageCount {
            let slots = isPaged ? Self.pageSlots : max(1, wanted)
            let page = unsafe isPaged ? Self.takePage() : .allocate(capacity: slots)
            unsafe page.initialize(repeating: .max, count: slots)
            unsafe (pages + index).initialize(to: page)
        }
    }

    @usableFromInline
    deinit {
        if count > Self.pageSlots {
            // Every page was taken by `init`.
            for index in 0..<count / Self.pageSlots { unsafe sluice_page_give(pages[index]) }
        } else {
            unsafe pages[0].deallocate()
        }
        unsafe pages.deallocate()
    }

    @inlinable static var pageSlots: Int { 512 }

    @inlinable @inline(always)
    subscript(index: Int) -> UInt64 {
        get { unsafe address(index).pointee }
        nonmutating set { unsafe address(index).pointee = newValue }
    }

    /// Asks the processor to bring a slot near.
    @inlinable @inline(always)
    func prefetch(_ index: Int) {
        unsafe prefetchLine(address(index))
    }

    @inlinable @inline(always)
    func address(_ index: Int) -> UnsafeMutablePointer<UInt64> {
        precondition(index >= 0 && index < count, "no such slot")
        // There is a page for every 512 slots, or one for them all.
        return unsafe pages[index >> 9] + (index & 511)
    }

    private static func takePage() -> UnsafeMutablePointer<UInt64> {
        guard let page = unsafe sluice_page_take() else {
            preconditionFailure("the system gave no memory for an index")
        }
        return unsafe page.bindMemory(to: UInt64.self, capacity: pageSlots)
    }
}
