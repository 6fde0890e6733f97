internal import Glibc

/// A new empty folder that only this user may read, removed with everything in it at the end of its life.
package final class TemporaryFolder: Sendable {
    /// The folder's path, without a slash at the end.
    package let path: String

    /// Makes the folder below `TMPDIR`, or `/tmp` where that is not set.
    ///
    /// - Parameter name: What its name begins with.
    /// - Throws: ``FileError`` when it cannot be made.
    package init(_ name: String) throws(FileError) {
        let parent = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
        var template = Array("\(parent)/\(name)-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else {
            throw FileError(path: parent, reason: FileText.reason(errno), isMissing: false)
        }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { Self.remove(path) }

    /// Removes a folder and what is in it; links are removed, not followed.
    private static func remove(_ path: String) {
        guard let folder = unsafe opendir(path) else { return }
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
                unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) {
                    unsafe String(cString: $0)
                }
            }
            if name == "." || name == ".." { continue }
            let inner = "\(path)/\(name)"
            var status = stat()
            if unsafe lstat(inner, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
                remove(inner)
            } else {
                unsafe unlink(inner)
            }
        }
        unsafe closedir(folder)
        unsafe rmdir(path)
    }
}
