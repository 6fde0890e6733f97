/// A header and a fixed number of bytes in one allocation; immutable and shared by reference.
@usableFromInline
@safe package struct TailBytes<Header: Sendable>: @unchecked Sendable {
    // Sendable because nothing is written after the initialiser has returned.
    @usableFromInline let buffer: ManagedBuffer<Prefix, UInt8>

    /// What stands before the bytes: their count, and the header.
    @usableFromInline
    struct Prefix {
        @usableFromInline let count: Int
        @usableFromInline let header: Header

        @inlinable
        init(count: Int, header: Header) {
            self.count = count
            self.header = header
        }
    }

    /// Copies the parts, one after another, behind the header.
    @inlinable
    package init(
        header: Header,
        _ first: Span<UInt8>,
        _ second: Span<UInt8>,
        _ third: Span<UInt8>
    ) {
        let count = first.count + second.count + third.count
        buffer = ManagedBuffer.create(minimumCapacity: count) { _ in
            Prefix(count: count, header: header)
        }
        unsafe buffer.withUnsafeMutablePointerToElements { start in
            var place = unsafe start
            // The three counts add up to the capacity asked for, so every byte written is in bounds.
            unsafe Self.copy(first, to: &place)
            unsafe Self.copy(second, to: &place)
            unsafe Self.copy(third, to: &place)
        }
    }

    /// The header.
    @inlinable package var header: Header { prefix.header }

    /// How many bytes there are.
    @inlinable package var count: Int { prefix.count }

    /// What stands before the bytes, without a check for writers, of which there are none.
    @inlinable var prefix: Prefix {
        unsafe buffer.withUnsafeMutablePointerToHeader { unsafe $0.pointee }
    }

    /// Lends the bytes of a range; the range is cut to the bytes there are.
    @inlinable
    package func withBytes<Result: ~Copyable, Failure: Error>(
        _ range: Range<Int>,
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let inside = range.clamped(to: 0..<count)
        return try unsafe buffer.withUnsafeMutablePointerToElements {
            start throws(Failure) -> Result in
            // The buffer lives for the call, and `inside` is within what `init` wrote.
            let bytes = unsafe UnsafeBufferPointer(
                start: start + inside.lowerBound,
                count: inside.count
            )
            return try unsafe body(bytes.span)
        }
    }

    @inlinable
    static func copy(_ part: Span<UInt8>, to place: inout UnsafeMutablePointer<UInt8>) {
        unsafe part.withUnsafeBufferPointer { source in
            guard let base = source.baseAddress else { return }
            unsafe place.update(from: base, count: source.count)
            unsafe place += source.count
        }
    }
}
