internal import Glibc

/// A real directory.
package struct POSIXFileSystem: LogFileSystem {
    /// The directory's path.
    package let directory: String

    /// Takes a directory, and makes it (for its owner only) if it is not there; its parent must be.
    ///
    /// One that was made is on the medium, its name in its parent too, when this returns.
    package init(directory: String) throws(FileFailure) {
        self.directory = directory
        if unsafe mkdir(directory, 0o700) == 0 {
            try Self.syncParent(of: directory)
        } else if errno != EEXIST {
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

    package func syncDirectory() throws(FileFailure) { try Self.sync(directory: directory) }

    /// Has the name of a directory that was made reach the medium, where its parent may be read and can be synced.
    private static func syncParent(of directory: String) throws(FileFailure) {
        do throws(FileFailure) {
            try sync(directory: directory + "/..")
        } catch {
            guard error.code == EACCES || error.code == EINVAL else { throw error }
        }
    }

    private static func sync(directory: String) throws(FileFailure) {
        let descriptor = unsafe Glibc.open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw FileFailure(.syncDirectory, path: directory, code: errno)
        }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else {
            throw FileFailure(.syncDirectory, path: directory, code: errno)
        }
    }

    /// Locks both the file and the directory.
    ///
    /// A file can be removed by hand while it is locked, and made anew. Where the file system locks no directories, the file
    /// alone is locked.
    package func lock(_ name: String) throws(FileFailure) -> LogLock {
        let descriptor = unsafe Glibc.open(path(name), O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileFailure(.lock, path: path(name), code: errno) }
        let file = POSIXFile(descriptor: descriptor, name: name, path: path(name))
        let place = unsafe Glibc.open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard place >= 0 else { throw FileFailure(.lock, path: directory, code: errno) }
        let folder = POSIXFile(descriptor: place, name: "", path: directory)
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            guard errno == EWOULDBLOCK else {
                throw FileFailure(.lock, path: path(name), code: errno)
            }
            return .taken(by: file.readNumber())
        }
        if flock(place, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
            file.unlock()
            return .taken(by: nil)
        }
        file.writeNumber(getpid())
        return .held(HeldLock(file: file, folder: folder))
    }

    /// Both locks, held as long as this lives.
    private final class HeldLock: Sendable {
        private let file: POSIXFile
        private let folder: POSIXFile

        init(file: POSIXFile, folder: POSIXFile) {
            self.file = file
            self.folder = folder
        }

        deinit {
            // Closing alone does not do it: a child process between fork and exec has the descriptors, too, and the lock with
            // them, until it runs its program.
            file.unlock()
            folder.unlock()
        }
    }

    private func path(_ name: String) -> String { directory + "/" + name }
}
