internal import CSQLite

/// A compiled statement: parameters are bound, rows are stepped over, columns are read.
///
/// Finalised when it goes. Parameters count from 1, columns from 0, as in SQLite. A column that is
/// not there reads as NULL. Used by the thread of its database.
@safe package struct Statement: ~Copyable {
    /// The database, which lives at least as long as the statement.
    let database: Database
    private let handle: OpaquePointer
    /// The SQL it was compiled from.
    package let sql: String

    /// Compiles the one statement in `sql`.
    init(_ sql: String, database: Database) throws(StorageError) {
        var compiled: OpaquePointer?
        var isWhole = true
        let code = unsafe sql.utf8CString.withUnsafeBufferPointer { text in
            var rest: UnsafePointer<CChar>?
            let code = unsafe sqlite3_prepare_v3(
                database.handle,
                text.baseAddress,
                Int32(clamping: text.count),
                UInt32(SQLITE_PREPARE_PERSISTENT),
                &compiled,
                &rest
            )
            // The rest points into the text: in bounds, and it ends with the text's zero.
            if code == SQLITE_OK, let rest = unsafe rest {
                isWhole = unsafe String(cString: rest).allSatisfy { $0.isWhitespace || $0 == ";" }
            }
            return code
        }
        try database.check(code, sql: sql)
        guard let statement = unsafe compiled, isWhole else {
            unsafe sqlite3_finalize(compiled)
            throw StorageError(.other, "exactly one statement is expected", sql: sql)
        }
        unsafe handle = statement
        self.database = database
        self.sql = sql
    }

    deinit {
        unsafe sqlite3_finalize(handle)
    }

    /// Goes to the next row; false when there is none, and the statement is then reset.
    ///
    /// - Throws: Whatever SQLite refuses; the statement is then reset too.
    package func step() throws(StorageError) -> Bool {
        switch unsafe sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE:
            unsafe sqlite3_reset(handle)
            return false
        case let code:
            let error = unsafe StorageError(code: code, database: database.handle, sql: sql)
            unsafe sqlite3_reset(handle)
            throw error
        }
    }

    /// Runs to the end, over rows if there are any; the statement can then be bound and run again.
    package func run() throws(StorageError) {
        while try step() {}
    }

    /// Gives each row to `body` in turn, until it returns false.
    package func forEachRow(
        _ body: (borrowing Statement) throws(StorageError) -> Bool
    ) throws(StorageError) {
        defer { reset() }
        while try step() {
            guard try body(self) else { return }
        }
    }

    /// Goes back to before the first row; what is bound stays bound.
    package func reset() {
        unsafe sqlite3_reset(handle)
    }

    /// Makes all parameters NULL.
    package func clearBindings() {
        unsafe sqlite3_clear_bindings(handle)
    }

    /// Binds a value of any kind; what it holds is copied.
    package func bind(_ value: StorageValue, at index: Int) throws(StorageError) {
        switch value {
        case .null: try bindNull(at: index)
        case .integer(let number): try bind(number, at: index)
        case .double(let number): try bind(number, at: index)
        case .text(let text): try bind(text, at: index)
        case .blob(let bytes): try bind(bytes.span, at: index)
        }
    }

    /// Binds an integer.
    package func bind(_ number: Int64, at index: Int) throws(StorageError) {
        try check(unsafe sqlite3_bind_int64(handle, Int32(clamping: index), number))
    }

    /// Binds a floating-point number.
    package func bind(_ number: Double, at index: Int) throws(StorageError) {
        try check(unsafe sqlite3_bind_double(handle, Int32(clamping: index), number))
    }

    /// Binds text, which is copied.
    package func bind(_ text: String, at index: Int) throws(StorageError) {
        var text = text
        // The UTF-8 is alive for the call, and copied by it.
        let code = text.withUTF8 { part in
            unsafe part.withMemoryRebound(to: CChar.self) { characters in
                unsafe sluice_bind_text(
                    handle,
                    Int32(clamping: index),
                    characters.baseAddress,
                    UInt64(part.count)
                )
            }
        }
        try check(code)
    }

    /// Binds bytes, which are copied.
    package func bind(_ bytes: Span<UInt8>, at index: Int) throws(StorageError) {
        let code = unsafe bytes.withUnsafeBufferPointer { part in
            unsafe sluice_bind_blob(
                handle,
                Int32(clamping: index),
                part.baseAddress,
                UInt64(part.count)
            )
        }
        try check(code)
    }

    /// Binds NULL.
    package func bindNull(at index: Int) throws(StorageError) {
        try check(unsafe sqlite3_bind_null(handle, Int32(clamping: index)))
    }

    /// Binds bytes without a copy while `body` runs the statement; afterwards it is reset and the
    /// parameter NULL.
    package func withBlob<Result>(
        _ bytes: Span<UInt8>,
        at index: Int,
        _ body: () throws(StorageError) -> Result
    ) throws(StorageError) -> Result {
        defer {
            reset()
            unsafe sqlite3_bind_null(handle, Int32(clamping: index))
        }
        // Alive until the reset above: the span is, for the whole of this call.
        let outcome = unsafe bytes.withUnsafeBufferPointer {
            part -> Swift.Result<Result, StorageError> in
            do throws(StorageError) {
                try check(
                    unsafe sluice_bind_borrowed_blob(
                        handle,
                        Int32(clamping: index),
                        part.baseAddress,
                        UInt64(part.count)
                    )
                )
                return .success(try body())
            } catch {
                return .failure(error)
            }
        }
        return try outcome.get()
    }

    private func check(_ code: Int32) throws(StorageError) {
        try database.check(code, sql: sql)
    }

    /// The connection's row: only valid between ``step()`` and the next step or reset.
    var row: OpaquePointer { unsafe handle }
}
