internal import Glibc

/// Directories that nobody but this process's user may read.
package enum PrivateDirectory {
    /// Makes a directory with those above it, where they are missing; a power cut takes none of them away again.
    ///
    /// - Throws: ``FileError`` when one cannot be made.
    package static func make(_ path: String) throws(FileError) {
        var made = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            made += (made.isEmpty || made.hasSuffix("/") ? "" : "/") + part
            let mode: mode_t = made == path ? 0o700 : 0o755
            if unsafe mkdir(made, mode) == 0 {
                try syncParent(of: made)
            } else if errno != EEXIST, errno != EISDIR {
                throw FileError(path: made, reason: FileText.reason(errno), isMissing: false)
            }
        }
    }

    /// Has the name of a directory that was made reach the medium, where its parent may be read and can be synced.
    private static func syncParent(of path: String) throws(FileError) {
        let descriptor = unsafe open(path + "/..", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { if descriptor >= 0 { close(descriptor) } }
        guard descriptor < 0 || fsync(descriptor) != 0, errno != EACCES, errno != EINVAL else {
            return
        }
        throw FileError(path: path, reason: FileText.reason(errno), isMissing: false)
    }
}
