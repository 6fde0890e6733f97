internal import CPrimitives

/// Places for small plain values, found again by a 32-bit index, in chunks that never move.
///
/// A freed place is used again before the pool grows. Memory is given back only when the pool goes.
///
/// Chunks of exactly a page (64 places of 64 bytes each) come from huge pages and are aligned: a place is one cache line.
///
/// - Complexity: O(1) for everything; allocates once per 64 places.
@usableFromInline
@safe package struct Pool<Element: BitwiseCopyable>: ~Copyable {
    /// The index that is never a place.
    @inlinable package static var none: UInt32 { .max }

    @usableFromInline var chunks: [UnsafeMutablePointer<Element>]
    @usableFromInline var freed: [UInt32]
    @usableFromInline var used: Int

    /// Makes an empty pool; it allocates with the first place.
    @inlinable
    package init() {
        unsafe chunks = []
        freed = []
        used = 0
    }

    @inlinable
    deinit {
        for index in unsafe chunks.indices { unsafe Self.give(chunks[index]) }
    }

    /// How many places are in use.
    @inlinable package var count: Int { used - freed.count }

    /// The indices of the places in use lie below this.
    @inlinable package var end: UInt32 { UInt32(truncatingIfNeeded: used) }

    /// Puts a value into a free place.
    ///
    /// - Returns: The place; it must be given back with ``free(_:)``. The caller keeps ``count`` below 2^32 - 1.
    @inlinable
    package mutating func allocate(_ element: Element) -> UInt32 {
        if let place = freed.popLast() {
            self[place] = element
            return place
        }
        let place = used
        precondition(place < Int(UInt32.max), "a pool of 2^32 places is full")
        if unsafe place >> 6 == chunks.count {
            unsafe chunks.append(Self.takeChunk())
        }
        // The chunk for this place exists by the line above.
        unsafe (chunks[place >> 6] + (place & 63)).initialize(to: element)
        used += 1
        return UInt32(truncatingIfNeeded: place)
    }

    /// Gives a place back; the caller does so once for each ``allocate(_:)``.
    @inlinable
    package mutating func free(_ place: UInt32) {
        freed.append(place)
    }

    /// The value in a place.
    @inlinable
    package subscript(place: UInt32) -> Element {
        unsafeAddress { unsafe UnsafePointer(address(place)) }
        unsafeMutableAddress { unsafe address(place) }
    }

    /// Asks the processor to bring a place near; ``none`` is allowed.
    @inlinable
    package func prefetch(_ place: UInt32) {
        if place < used { unsafe prefetchLine(address(place)) }
    }

    @inlinable static var isPaged: Bool { MemoryLayout<Element>.stride == 64 }

    @inlinable
    static func takeChunk() -> UnsafeMutablePointer<Element> {
        guard isPaged else { return .allocate(capacity: 64) }
        // A page has room for 64 places of 64 bytes.
        return unsafe takePage().bindMemory(to: Element.self, capacity: 64)
    }

    @inlinable
    static func give(_ chunk: UnsafeMutablePointer<Element>) {
        if isPaged { unsafe givePage(chunk) } else { unsafe chunk.deallocate() }
    }

    @inlinable @inline(always)
    func address(_ place: UInt32) -> UnsafeMutablePointer<Element> {
        precondition(place < used, "no such place")
        return unsafe chunks[Int(place >> 6)] + Int(place & 63)
    }
}

@usableFromInline
func takePage() -> UnsafeMutableRawPointer {
    guard let page = unsafe sluice_page_take() else {
        preconditionFailure("the system gave no memory for a pool")
    }
    return unsafe page
}

@usableFromInline
func givePage(_ page: UnsafeMutableRawPointer) {
    unsafe sluice_page_give(page)
}

/// Asks the processor to bring the cache line of an address near.
@usableFromInline
func prefetchLine(_ address: UnsafeRawPointer) {
    unsafe sluice_prefetch(address)
}
