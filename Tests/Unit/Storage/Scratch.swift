import Glibc
import Storage

/// A directory of a test's own, removed with all that is in it when the test is over.
final class Scratch {
    let path: String

    init() {
        var template = Array("/tmp/storage-test-XXXXXX".utf8CString)
        path = unsafe template.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress, let made = unsafe mkdtemp(base) else { return "" }
            return unsafe String(cString: made)
        }
    }

    deinit {
        for name in ["a", "b"] {
            for ending in ["", "-wal", "-shm", "-journal", ".partial", ".partial-journal"] {
                unsafe unlink(path + "/" + name + ending)
            }
        }
        unsafe rmdir(path)
    }

    /// The settings of a database in the directory.
    func settings(_ name: String = "a") -> DatabaseSettings {
        var settings = DatabaseSettings(path: path + "/" + name)
        settings.busyTimeoutMilliseconds = 50
        return settings
    }

    /// A database with a table `t` of an integer key and a value.
    func database(_ settings: DatabaseSettings? = nil) throws(StorageError) -> Database {
        let database = try Database(settings ?? self.settings())
        try database.execute("CREATE TABLE IF NOT EXISTS t (k INTEGER PRIMARY KEY, v)")
        return database
    }
}

extension Database {
    /// How many rows the table `t` has.
    func rowCount() throws(StorageError) -> Int64 {
        try integer("SELECT count(*) FROM t") ?? -1
    }
}

/// The kind of error that `body` throws; nil when it throws none.
func refusal(_ body: () throws(StorageError) -> Void) -> StorageError.Kind? {
    do throws(StorageError) {
        try body()
        return nil
    } catch {
        return error.kind
    }
}
