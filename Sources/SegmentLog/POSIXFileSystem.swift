internal import Glibc

/// A real directory.
package struct POSIXFileSystem: LogFileSystem {
    /// The directory's path.
    package let directory: String

    /// Takes a directory, and makes it (for its owner only) if it is not there; its parent must be.
    package init(directory: String) throws(FileFailure) {
        self.directory = directory
        if unsafe mkdir(directory, 0o700) != 0, errno != EEXIST {
            throw FileFailure(.create, path: directory, code: errno)
        }
    }

    package func list() throws(FileFailure) -> [String] {
        guard let stream = unsafe opendir(directory) else {
            throw FileFailure(.list, path: directory, code: errno)
        }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = unsafe readdir(stream) else { break }
            // The entry lives until the next readdir; its name ends with a zero inside it.
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
                    unsafe String(cString: $0)
                }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        guard errno == 0 else { throw FileFailure(.list, path: directory, code: errno) }
        return names
    }

    package func open(
        _ name: String,
        creating: Bool,
        direct: Bool
    ) throws(FileFailure) -> any LogFile {
        let flags = O_RDWR | O_CLOEXEC | (creating ? O_CREAT | O_TRUNC : 0)
        var descriptor = unsafe Glibc.open(
            path(name),
            flags | (direct ? POSIXFile.directFlag : 0),
            0o600
        )
        if descriptor < 0, direct, errno == EINVAL {
            descriptor = unsafe Glibc.open(path(name), flags, 0o600)
        }
        guard descriptor >= 0 else {
            throw FileFailure(creating ? .create : .open, path: path(name), code: errno)
        }
        return POSIXFile(descriptor: descriptor, name: name, path: path(name))
    }

    package func rename(_ name: String, to newName: String) throws(FileFailure) {
        guard unsafe Glibc.rename(path(name), path(newName)) == 0 else {
            throw FileFailure(.rename, path: path(name), code: errno)
        }
    }

    package func remove(_ name: String) throws(FileFailure) {
        guard unsafe unlink(path(name)) == 0 else {
            throw FileFailure(.remove, path: path(name), code: errno)
        }
    }

    package func syncDirectory() throws(FileFailure) {
        let descriptor = unsafe Glibc.open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw FileFailure(.syncDirectory, path: directory, code: errno)
        }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else {
            throw FileFailure(.syncDirectory, path: directory, code: errno)
        }
    }

    package func lock(_ name: String) throws(FileFailure) -> LogLock {
        let descriptor = unsafe Glibc.open(path(name), O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileFailure(.lock, path: path(name), code: errno) }
        let file = POSIXFile(descriptor: descriptor, name: name, path: path(name))
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            guard errno == EWOULDBLOCK else {
                throw FileFailure(.lock, path: path(name), code: errno)
            }
            return .taken(by: try file.readNumber())
        }
        try file.writeNumber(getpid())
        return .held(file)
    }

    private func path(_ name: String) -> String { directory + "/" + name }
}
