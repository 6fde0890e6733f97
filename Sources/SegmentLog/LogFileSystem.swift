/// The directory a log lives in; names are those of files directly inside it.
///
/// May be used on any thread. Every call blocks.
package protocol LogFileSystem: Sendable {
    /// The names of all files, in any order.
    func list() throws(FileFailure) -> [String]

    /// Opens a file for reading and writing.
    ///
    /// - Parameters:
    ///   - name: The file's name.
    ///   - creating: Whether it is made anew; a file of that name is then cut to nothing.
    ///   - direct: Whether to go past the page cache (O_DIRECT) where the file system can.
    /// - Returns: The open file.
    /// - Throws: What open(2) refuses.
    func open(_ name: String, creating: Bool, direct: Bool) throws(FileFailure) -> any LogFile

    /// Gives a file another name at once; a file of that name is replaced (rename(2)).
    func rename(_ name: String, to newName: String) throws(FileFailure)

    /// Removes a file (unlink(2)).
    func remove(_ name: String) throws(FileFailure)

    /// Returns when all names made, changed and removed so far are on the medium (fsync(2) of the
    /// directory).
    func syncDirectory() throws(FileFailure)

    /// Takes the exclusive lock of the file `name`, made if missing, and writes this process's id
    /// into it.
    func lock(_ name: String) throws(FileFailure) -> LogLock
}

/// What became of taking the log's lock.
package enum LogLock: Sendable {
    /// The lock is ours until the token's last reference goes.
    case held(any AnyObject & Sendable)
    /// Another open log has it; its process id where it could be read.
    case taken(by: Int32?)
}
