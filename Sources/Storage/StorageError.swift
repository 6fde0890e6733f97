internal import CSQLite

/// Something that SQLite, or the schema it holds, refused.
package struct StorageError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of refusal it is, by SQLite's primary result code.
    package enum Kind: Sendable, Hashable {
        /// Another connection holds the lock that is needed (`SQLITE_BUSY`, `_LOCKED`,
        /// `_PROTOCOL`).
        case busy
        /// The disk or the file is full (`SQLITE_FULL`).
        case full
        /// A read, write or sync failed (`SQLITE_IOERR`).
        case io
        /// The file may not be written (`SQLITE_READONLY`, `SQLITE_PERM`).
        case readOnly
        /// The file could not be opened (`SQLITE_CANTOPEN`).
        case cannotOpen
        /// The content of the file is damaged (`SQLITE_CORRUPT`).
        case corrupt
        /// The file is no database, or one of another program (`SQLITE_NOTADB`).
        case notADatabase
        /// A uniqueness or other rule of the schema was broken (`SQLITE_CONSTRAINT`).
        case constraint
        /// A text or blob is too large, or a statement has too much (`SQLITE_TOOBIG`).
        case tooBig
        /// It took longer than it may (`SQLITE_INTERRUPT`).
        case tooSlow
        /// The schema was made by a newer version of this program.
        case newerSchema
        /// Anything else, mostly a mistake in the SQL.
        case other
    }

    /// The kind of refusal.
    package let kind: Kind
    /// SQLite's primary result code; 0 where SQLite did not refuse.
    package let code: Int32
    /// SQLite's extended result code (https://sqlite.org/rescode.html).
    package let extendedCode: Int32
    /// What went wrong, as text for a person; never holds a bound value.
    package let message: String
    /// The SQL it went wrong in, where there is one.
    package let sql: String?

    /// Makes an error of this program's own.
    package init(_ kind: Kind, _ message: String, sql: String? = nil) {
        self.kind = kind
        code = 0
        extendedCode = 0
        self.message = message
        self.sql = sql
    }

    /// Makes an error of a result code, with the message of the connection where there is one.
    init(code result: Int32, database: OpaquePointer?, sql: String? = nil) {
        code = result & 0xFF
        extendedCode = result
        kind = Kind(primary: result & 0xFF)
        let isLast = unsafe database != nil && sqlite3_extended_errcode(database) == result
        let text = isLast ? unsafe sqlite3_errmsg(database) : unsafe sqlite3_errstr(result)
        // The text is SQLite's own, ends with a zero and is copied at once.
        message = unsafe text.map { unsafe String(cString: $0) } ?? "unknown error"
        self.sql = sql
    }

    /// The error as one sentence: `disk I/O error (SQLite 10, extended 778) in: INSERT …`.
    package var description: String {
        let codes = code == 0 ? "" : " (SQLite \(code), extended \(extendedCode))"
        return message + codes + (sql.map { " in: " + $0 } ?? "")
    }
}

extension StorageError.Kind {
    /// The kind of a primary result code.
    fileprivate init(primary: Int32) {
        switch primary {
        case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL: self = .busy
        case SQLITE_FULL: self = .full
        case SQLITE_IOERR: self = .io
        case SQLITE_READONLY, SQLITE_PERM: self = .readOnly
        case SQLITE_CANTOPEN: self = .cannotOpen
        case SQLITE_CORRUPT: self = .corrupt
        case SQLITE_NOTADB: self = .notADatabase
        case SQLITE_CONSTRAINT: self = .constraint
        case SQLITE_TOOBIG: self = .tooBig
        case SQLITE_INTERRUPT: self = .tooSlow
        default: self = .other
        }
    }
}
