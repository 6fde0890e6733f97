internal import Glibc

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

/// One file of the log: the only way the room reaches a disk, beside ``LogFileSystem``.
///
/// Every call blocks. A file is closed when its last reference goes. Used by one thread at a time.
package protocol LogFile: AnyObject, Sendable {
    /// The name of the file in its directory when it was opened.
    var name: String { get }

    /// The length of the file in bytes.
    func size() throws(FileFailure) -> UInt64

    /// Makes the file `count` bytes long, every one of them written as zero and synced.
    ///
    /// Zeros are really written: space that is only reserved costs a metadata commit at its first
    /// sync.
    func preallocate(_ count: UInt64) throws(FileFailure)

    /// Writes all of `bytes` at `offset`, or throws; what was written before a throw is unknown
    /// (pwrite(2)).
    ///
    /// - Parameters:
    ///   - bytes: Aligned to 4 KiB in memory and in length where the file was opened `direct`.
    ///   - offset: A multiple of 4 KiB where the file was opened `direct`.
    /// - Throws: What pwrite(2) refuses; a full disk is `ENOSPC`.
    func write(_ bytes: RawSpan, at offset: UInt64) throws(FileFailure)

    /// Fills `bytes` from `offset` and gives how many were there; fewer only at the end of the file
    /// (pread(2)).
    func read(into bytes: inout MutableRawSpan, at offset: UInt64) throws(FileFailure) -> Int

    /// Returns when everything written is on the medium (fdatasync(2)).
    func sync() throws(FileFailure)

    /// Cuts or extends the file to `count` bytes (ftruncate(2)).
    func truncate(to count: UInt64) throws(FileFailure)

    /// Forgets what the system keeps of the file in memory, so that reads show what the medium has.
    ///
    /// After a failed sync the system may show bytes that never reached the medium.
    func discardCache() throws(FileFailure)
}

/// One file operation that the operating system refused.
package struct FileFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// What was being done when it failed.
    package enum Operation: String, Sendable, CaseIterable {
        case open, create, preallocate, write, read, sync, rename, list, remove, truncate
        case syncDirectory = "sync directory"
        case lock, size, discardCache = "discard cache"
    }

    /// What was being done.
    package let operation: Operation
    /// The file or directory it was done to.
    package let path: String
    /// The `errno` of the call.
    package let code: Int32

    /// Names an operation, its file and its `errno`.
    package init(_ operation: Operation, path: String, code: Int32) {
        self.operation = operation
        self.path = path
        self.code = code
    }

    /// The failure as one sentence: `cannot write log/segment-…: No space left on device (28)`.
    package var description: String {
        let known = unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { text in
            // The text ends with a zero inside the buffer and is copied before the buffer goes.
            guard let base = text.baseAddress, unsafe strerror_r(code, base, text.count) == 0 else {
                return "unknown error"
            }
            return unsafe String(cString: base)
        }
        return "cannot \(operation.rawValue) \(path): \(known) (\(code))"
    }
}
