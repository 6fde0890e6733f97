internal import CPrimitives
internal import Synchronization

/// Rows of numbers that many threads add to: one row for a few threads, each row on cache lines of its own.
@safe struct AtomicCells: ~Copyable, @unchecked Sendable {
    // Sendable because every number is atomic and the memory stays until the end.
    private let base: UnsafeMutablePointer<Atomic<UInt64>>
    private let rows: Int
    private let columns: Int
    private let stride: Int

    /// Makes rows of zeros.
    init(rows: Int, columns: Int) {
        self.rows = rows
        self.columns = columns
        // 16 numbers are 128 bytes: two cache lines, which the processor fetches as a pair.
        stride = (columns + 15) / 16 * 16
        let bytes = rows * stride * MemoryLayout<Atomic<UInt64>>.stride
        let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 128)
        unsafe base = raw.bindMemory(to: Atomic<UInt64>.self, capacity: rows * stride)
        for index in 0..<rows * stride { unsafe (base + index).initialize(to: Atomic(0)) }
    }

    deinit {
        unsafe base.deinitialize(count: rows * stride)
        unsafe UnsafeMutableRawPointer(base).deallocate()
    }

    /// Adds to a number in the calling thread's row.
    func add(_ amount: UInt64, to column: Int) {
        precondition(column >= 0 && column < columns, "no such column")
        let row = Int(sluice_thread_number()) % rows
        // In bounds: the row by the remainder, the column by the line above.
        let cell = unsafe base + (row * stride + column)
        unsafe cell.pointee.wrappingAdd(amount, ordering: .relaxed)
    }

    /// The sum of a column over all rows.
    func sum(_ column: Int) -> UInt64 {
        precondition(column >= 0 && column < columns, "no such column")
        var sum: UInt64 = 0
        for row in 0..<rows {
            let cell = unsafe base + (row * stride + column)
            sum &+= unsafe cell.pointee.load(ordering: .relaxed)
        }
        return sum
    }
}
