internal import Glibc

/// Directories that nobody but this process's user may read.
package enum PrivateDirectory {
    /// Makes a directory with those above it, where they are missing.
    ///
    /// - Throws: ``FileError`` when one cannot be made.
    package static func make(_ path: String) throws(FileError) {
        var made = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            made += (made.isEmpty || made.hasSuffix("/") ? "" : "/") + part
            let mode: mode_t = made == path ? 0o700 : 0o755
            guard unsafe mkdir(made, mode) == 0 || errno == EEXIST || errno == EISDIR else {
                throw FileError(path: made, reason: FileText.reason(errno), isMissing: false)
            }
        }
    }
}
