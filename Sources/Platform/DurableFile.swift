internal import Glibc

/// Small files that a power cut leaves whole: as they were, or as they are to be.
package enum DurableFile {
    /// Writes a file for its owner only, in place of what was there; it is on the medium when this returns.
    ///
    /// - Throws: ``FileError`` where the system refuses; then what was there is still there.
    package static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
        let partial = path + ".partial"
        unsafe unlink(partial)
        let descriptor = unsafe open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure(partial) }
        close(descriptor)
        try FileText.write(bytes, to: partial)
        try sync(partial)
        guard unsafe Glibc.rename(partial, path) == 0 else { throw failure(path) }
        try sync(parent(of: path))
    }

    /// Gives a file or directory another name, which survives a power cut when this returns.
    ///
    /// - Throws: ``FileError`` where the system refuses.
    package static func rename(_ path: String, to newPath: String) throws(FileError) {
        guard unsafe Glibc.rename(path, newPath) == 0 else { throw failure(path) }
        try sync(parent(of: newPath))
    }

    /// Has a file or directory reach the medium.
    ///
    /// - Throws: ``FileError`` where the system refuses.
    package static func sync(_ path: String) throws(FileError) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure(path) }
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func failure(_ path: String) -> FileError {
        let code = errno
        return FileError(path: path, reason: FileText.reason(code), isMissing: code == ENOENT)
    }
}
