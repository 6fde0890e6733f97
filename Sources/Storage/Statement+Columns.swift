internal import CSQLite

extension Statement {
    /// How many columns a row has.
    package var columnCount: Int { Int(unsafe sqlite3_column_count(row)) }

    /// Whether the column is NULL or not there.
    package func isNull(at column: Int) -> Bool {
        unsafe sqlite3_column_type(row, Int32(clamping: column)) == SQLITE_NULL
    }

    /// The column as an integer; 0 for NULL, and by SQLite's rules for other kinds.
    package func integer(at column: Int) -> Int64 {
        unsafe sqlite3_column_int64(row, Int32(clamping: column))
    }

    /// The column as a floating-point number; 0 for NULL.
    package func double(at column: Int) -> Double {
        unsafe sqlite3_column_double(row, Int32(clamping: column))
    }

    /// The column as text; empty for NULL, with U+FFFD for what is not UTF-8.
    package func text(at column: Int) -> String {
        withBlob(at: column) { bytes in
            unsafe bytes.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
        }
    }

    /// The column's bytes, copied; empty for NULL.
    package func blob(at column: Int) -> [UInt8] {
        withBlob(at: column) { bytes in
            unsafe bytes.withUnsafeBufferPointer { part in unsafe Array(part) }
        }
    }

    /// Lends the column's bytes as they lie in SQLite, without a copy; none for NULL.
    package func withBlob<Result>(at column: Int, _ body: (Span<UInt8>) -> Result) -> Result {
        let index = Int32(clamping: column)
        // Valid until the next step, reset or conversion of the column; `body` has it only for its
        // own run. The bytes are asked for before their count, as SQLite wants it.
        let start = unsafe sqlite3_column_blob(row, index)
        let count = Int(unsafe sqlite3_column_bytes(row, index))
        guard let start = unsafe start, count > 0 else { return body([UInt8]().span) }
        let bytes = unsafe UnsafeBufferPointer(
            start: start.assumingMemoryBound(to: UInt8.self),
            count: count
        )
        return unsafe body(bytes.span)
    }

    /// The column in its own kind.
    package func value(at column: Int) -> StorageValue {
        switch unsafe sqlite3_column_type(row, Int32(clamping: column)) {
        case SQLITE_INTEGER: .integer(integer(at: column))
        case SQLITE_FLOAT: .double(double(at: column))
        case SQLITE_TEXT: .text(text(at: column))
        case SQLITE_BLOB: .blob(blob(at: column))
        default: .null
        }
    }
}
