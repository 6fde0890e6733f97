internal import CSQLite
internal import Primitives

/// Checksums of rows: SQLite has none, and hands out what a disk made of a row as if it were the row.
///
/// Two functions for SQL. `row_sum(TABLE, COLUMN…)` is the CRC-32C of a table's name and a row's values, kinds and lengths
/// included. `row_is_sound(TABLE, COLUMN…, SUM)` is 1 where the sum is theirs, and fails with `corrupt` where it is not, naming
/// the table and the first column: whatever reads a row beside it never gets a damaged one.
extension Database {
    /// Makes the functions known to the connection.
    func addRowSums() throws(StorageError) {
        let flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC
        try check(
            unsafe sqlite3_create_function_v2(
                handle,
                "row_sum",
                -1,
                flags,
                nil,
                { context, count, values in
                    unsafe sqlite3_result_int64(context, Int64(RowSum(values, Int(count)).crc))
                },
                nil,
                nil,
                nil
            )
        )
        try check(
            unsafe sqlite3_create_function_v2(
                handle,
                "row_is_sound",
                -1,
                flags,
                nil,
                { context, count, values in unsafe RowSum.judge(context, values, Int(count)) },
                nil,
                nil,
                nil
            )
        )
    }
}

/// The checksum of a row's values.
private struct RowSum {
    /// The CRC-32C.
    private(set) var crc: UInt32 = 0

    /// Takes the values in, one after the other; the pointers are SQLite's, and there are `count` of them.
    init(_ values: UnsafeMutablePointer<OpaquePointer?>?, _ count: Int) {
        for index in 0..<count { unsafe add(values?[index]) }
    }

    /// Answers `row_is_sound`.
    static func judge(
        _ context: OpaquePointer?,
        _ values: UnsafeMutablePointer<OpaquePointer?>?,
        _ count: Int
    ) {
        guard count > 2, let values = unsafe values else {
            unsafe sqlite3_result_error(
                context,
                "row_is_sound wants a table, columns and a sum",
                -1
            )
            return
        }
        let crc = unsafe RowSum(values, count - 1).crc
        if unsafe sqlite3_value_int64(values[count - 1]) == Int64(crc) {
            unsafe sqlite3_result_int(context, 1)
            return
        }
        let (table, key) = unsafe (text(values[0]), name(values[1]))
        let message = "a row of `\(table)` is damaged (\(key)): its checksum is wrong"
        unsafe sqlite3_result_error(context, message, -1)
        // Only the code: the message stays.
        unsafe sqlite3_result_error_code(context, SQLITE_CORRUPT)
    }

    private mutating func add(_ value: OpaquePointer?) {
        let type = unsafe sqlite3_value_type(value)
        switch type {
        case SQLITE_INTEGER:
            add(type, UInt64(bitPattern: unsafe sqlite3_value_int64(value)))
        case SQLITE_FLOAT:
            add(type, unsafe sqlite3_value_double(value).bitPattern)
        case SQLITE_TEXT, SQLITE_BLOB:
            // Asked for before their count, as SQLite wants it; they live until the function returns.
            let start = unsafe sqlite3_value_blob(value)
            let count = Int(unsafe sqlite3_value_bytes(value))
            add(type, UInt64(count))
            guard let start = unsafe start, count > 0 else { return }
            let bytes = unsafe UnsafeRawBufferPointer(start: start, count: count)
            crc = unsafe CRC32C.extend(crc, bytes.bytes)
        default:
            add(type, 0)
        }
    }

    private mutating func add(_ type: Int32, _ word: UInt64) {
        let head: [2 of UInt64] = [UInt64(type).littleEndian, word.littleEndian]
        crc = unsafe CRC32C.extend(crc, head.span.bytes)
    }

    private static func text(_ value: OpaquePointer?) -> String {
        // The text is SQLite's, ends with a zero and is copied at once.
        guard let start = unsafe sqlite3_value_text(value) else { return "" }
        return unsafe String(cString: start)
    }

    /// A key as people read it: hexadecimal digits where it is bytes.
    private static func name(_ value: OpaquePointer?) -> String {
        guard unsafe sqlite3_value_type(value) == SQLITE_BLOB else { return unsafe text(value) }
        guard let start = unsafe sqlite3_value_blob(value) else { return "" }
        let count = Int(unsafe sqlite3_value_bytes(value))
        let bytes = unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
        return bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}
