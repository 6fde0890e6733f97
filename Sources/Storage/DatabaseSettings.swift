/// How a database is opened.
package struct DatabaseSettings: Sendable {
    /// What a commit of SQLite's waits for.
    package enum Synchronous: String, Sendable {
        /// The write-ahead log is synced at checkpoints only; a power cut may undo the last
        /// commits, never damage.
        case normal = "NORMAL"
        /// Every commit is synced.
        case full = "FULL"
    }

    /// The file's path; `:memory:` for a database without a file.
    package var path: String
    /// Whether it may only be read; it must exist then.
    package var isReadOnly = false
    /// How long a statement waits for another connection's lock.
    package var busyTimeoutMilliseconds: Int32 = 5000
    /// What a commit waits for.
    package var synchronous = Synchronous.normal
    /// The page cache of the connection in KiB.
    package var cacheKiB = 8192
    /// The bytes of a page of a database that is made now; a power of two from 512 to 65,536.
    package var pageBytes = 4096
    /// The file layer to use; nil for SQLite's own.
    package var fileLayer: String?
    /// The number in the file's header that says whose it is; 0 for nobody's.
    package var applicationID: Int32 = 0

    /// The settings for a file that is read and written.
    ///
    /// - Parameters:
    ///   - path: The file's path.
    ///   - owner: The number in its header that says whose it is; 0 for nobody's.
    package init(path: String, owner: Int32 = 0) {
        self.path = path
        applicationID = owner
    }
}
