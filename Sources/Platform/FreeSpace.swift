internal import Glibc

/// How much room a file system has.
package enum FreeSpace {
    /// The bytes that this process may still write to the file system of a path; nil where that cannot be told (statvfs(3)).
    package static func bytes(at path: String) -> UInt64? {
        var status = statvfs()
        guard unsafe statvfs(path, &status) == 0 else { return nil }
        let (bytes, isTooMany) = UInt64(status.f_bavail)
            .multipliedReportingOverflow(by: UInt64(status.f_frsize))
        return isTooMany ? .max : bytes
    }

    /// Whether an error number says that there is no room: the disk is full, or the quota used up.
    package static func isMissing(_ code: Int32) -> Bool { code == ENOSPC || code == EDQUOT }
}
