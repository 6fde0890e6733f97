internal import Primitives

/// Bytes at an address that is a multiple of 4 KiB, as O_DIRECT wants them; zero at first.
///
/// Owned by one thread at a time. A range beyond the bytes is a mistake of this room's and traps.
@safe final class AlignedBytes {
    /// How many bytes there are; a multiple of 4 KiB.
    let count: Int
    private let start: UnsafeMutableRawPointer

    /// Allocates at least `count` bytes, rounded up to whole blocks.
    init(count: Int) {
        self.count = Frame.blockAligned(max(count, 1))
        unsafe start = .allocate(byteCount: self.count, alignment: Frame.blockBytes)
        unsafe start.initializeMemory(as: UInt8.self, repeating: 0, count: self.count)
    }

    deinit {
        unsafe start.deallocate()
    }

    /// Lends the bytes of `range`.
    func withBytes<Result, Failure: Error>(
        _ range: Range<Int>,
        _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        check(range)
        // In bounds by the check; alive because `self` is while the method runs.
        let part = unsafe UnsafeRawBufferPointer(
            start: start + range.lowerBound,
            count: range.count
        )
        return try body(unsafe part.bytes)
    }

    /// Lends the bytes of `range` one by one.
    func withElements<Result>(_ range: Range<Int>, _ body: (Span<UInt8>) -> Result) -> Result {
        check(range)
        // In bounds by the check; alive because `self` is while the method runs; bytes have no
        // wrong values.
        let part = unsafe UnsafeRawBufferPointer(
            start: start + range.lowerBound,
            count: range.count
        )
        return unsafe body(part.assumingMemoryBound(to: UInt8.self).span)
    }

    /// Lends the bytes of `range` to be filled.
    func withMutableBytes<Result, Failure: Error>(
        _ range: Range<Int>,
        _ body: (inout MutableRawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        check(range)
        // In bounds by the check; alive because `self` is while the method runs.
        let part = unsafe UnsafeMutableRawBufferPointer(
            start: start + range.lowerBound,
            count: range.count
        )
        var bytes = unsafe part.mutableBytes
        return try body(&bytes)
    }

    /// The little-endian integer at `offset`.
    func load<Number: FixedWidthInteger & BitwiseCopyable>(_: Number.Type, at offset: Int) -> Number
    {
        check(offset..<offset + MemoryLayout<Number>.size)
        return Number(
            littleEndian: unsafe start.loadUnaligned(fromByteOffset: offset, as: Number.self)
        )
    }

    /// Puts an integer at `offset`, little-endian.
    func store<Number: FixedWidthInteger & BitwiseCopyable>(_ number: Number, at offset: Int) {
        check(offset..<offset + MemoryLayout<Number>.size)
        unsafe start.storeBytes(of: number.littleEndian, toByteOffset: offset, as: Number.self)
    }

    /// Copies `source` to `offset`.
    func copy(_ source: RawSpan, to offset: Int) {
        check(offset..<offset + source.byteCount)
        unsafe source.withUnsafeBytes { part in
            guard let base = part.baseAddress else { return }
            unsafe (start + offset).copyMemory(from: base, byteCount: part.count)
        }
    }

    /// Makes the bytes of `range` zero.
    func zero(_ range: Range<Int>) {
        check(range)
        unsafe (start + range.lowerBound).initializeMemory(
            as: UInt8.self,
            repeating: 0,
            count: range.count
        )
    }

    /// The CRC-32C of the bytes of `range`, continued from `sum`.
    func checksum(_ range: Range<Int>, continuing sum: UInt32) -> UInt32 {
        withBytes(range) { CRC32C.extend(sum, $0) }
    }

    private func check(_ range: Range<Int>) {
        precondition(
            range.lowerBound >= 0 && range.upperBound <= count,
            "a range beyond the aligned bytes"
        )
    }
}
