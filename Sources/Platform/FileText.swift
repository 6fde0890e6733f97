internal import Glibc

/// Why a file could not be read.
package struct FileError: Error, Sendable {
    /// The file's path as given.
    package let path: String
    /// The operating system's reason, or the bound that was passed.
    package let reason: String
    /// Whether there is no such file.
    package let isMissing: Bool
}

/// Whole files, read at start.
package enum FileText {
    /// Reads a file's bytes.
    ///
    /// - Parameters:
    ///   - path: The file's path; `-` is standard input.
    ///   - bytesMax: The most bytes it may have.
    /// - Returns: The bytes.
    /// - Throws: ``FileError`` when it cannot be opened or read, or is larger.
    package static func read(_ path: String, bytesMax: Int) throws(FileError) -> [UInt8] {
        let descriptor = unsafe path == "-" ? 0 : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path) }
        defer { if descriptor != 0 { close(descriptor) } }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe chunk.withUnsafeMutableBytes { buffer in
                unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw failure(path)
            }
            if count == 0 { return bytes }
            guard bytes.count + count <= bytesMax else {
                throw FileError(
                    path: path,
                    reason: "larger than \(bytesMax) bytes",
                    isMissing: false
                )
            }
            bytes.append(contentsOf: chunk[..<count])
        }
    }

    /// Writes a file whole, in place of what was there.
    ///
    /// - Throws: ``FileError`` when it cannot be opened or written.
    package static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        var written = 0
        while written < bytes.count {
            let from = written
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(
                    descriptor,
                    buffer.baseAddress.map { unsafe $0 + from },
                    buffer.count - from
                )
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw failure(path)
            }
            written += count
        }
    }

    /// Whether something exists at a path.
    package static func exists(_ path: String) -> Bool {
        unsafe access(path, F_OK) == 0
    }

    /// What the system says of an error number.
    static func reason(_ code: Int32) -> String {
        unsafe String(cString: strerror(code))
    }

    private static func failure(_ path: String) -> FileError {
        let code = errno
        return FileError(
            path: path,
            reason: reason(code),
            isMissing: code == ENOENT
        )
    }
}
