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
