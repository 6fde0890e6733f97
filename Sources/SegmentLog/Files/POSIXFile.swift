internal import Glibc

/// A real file, closed when its last reference goes.
final class POSIXFile: LogFile {
    let name: String
    private let descriptor: Int32
    private let path: String

    /// Takes over an open descriptor.
    init(descriptor: Int32, name: String, path: String) {
        self.descriptor = descriptor
        self.name = name
        self.path = path
    }

    deinit {
        close(descriptor)
    }

    /// Gives the lock of the file back, whoever else has its descriptor.
    func unlock() {
        _ = flock(descriptor, LOCK_UN)
    }

    func size() throws(FileFailure) -> UInt64 {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw failure(.size) }
        return UInt64(clamping: status.st_size)
    }

    func preallocate(_ count: UInt64) throws(FileFailure) {
        let zeros = AlignedBytes(count: Int(clamping: min(count, 1 << 20)))
        var offset: UInt64 = 0
        while offset < count {
            let part = Int(clamping: min(UInt64(zeros.count), count - offset))
            do throws(FileFailure) {
                try zeros.withBytes(0..<part) { bytes throws(FileFailure) in
                    try write(bytes, at: offset)
                }
            } catch {
                throw FileFailure(.preallocate, path: path, code: error.code)
            }
            offset += UInt64(part)
        }
        try truncate(to: count)
        try sync()
    }

    func write(_ bytes: RawSpan, at offset: UInt64) throws(FileFailure) {
        var done = 0
        while done < bytes.byteCount {
            let rest = bytes.extracting(droppingFirst: done)
            let count = unsafe rest.withUnsafeBytes {
                unsafe pwrite(descriptor, $0.baseAddress, $0.count, off_t(clamping: offset) + done)
            }
            if count < 0 {
                if errno == EINTR { continue }
                if errno == EINVAL, leaveDirect() { continue }
                throw failure(.write)
            }
            guard count > 0 else { throw FileFailure(.write, path: path, code: ENOSPC) }
            done += count
        }
    }

    func read(
        into bytes: inout MutableRawSpan,
        at offset: UInt64
    ) throws(FileFailure) -> Int {
        var done = 0
        while done < bytes.byteCount {
            let at = done
            let count = unsafe bytes.withUnsafeMutableBytes { buffer in
                // In bounds: `at` is less than the count here.
                unsafe pread(
                    descriptor,
                    buffer.baseAddress.map { unsafe $0 + at },
                    buffer.count - at,
                    off_t(clamping: offset) + at
                )
            }
            if count < 0 {
                if errno == EINTR { continue }
                if errno == EINVAL, leaveDirect() { continue }
                throw failure(.read)
            }
            if count == 0 { break }
            done += count
        }
        return done
    }

    func sync() throws(FileFailure) {
        while fdatasync(descriptor) != 0 {
            guard errno == EINTR else { throw failure(.sync) }
        }
    }

    func truncate(to count: UInt64) throws(FileFailure) {
        guard ftruncate(descriptor, off_t(clamping: count)) == 0 else { throw failure(.truncate) }
    }

    func discardCache() throws(FileFailure) {
        let code = posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED)
        guard code == 0 else { throw FileFailure(.discardCache, path: path, code: code) }
    }

    /// Writes a number as a line of text and nothing else, for people: who holds the lock.
    ///
    /// A disk that has no room for it is no reason not to start.
    func writeNumber(_ number: Int32) {
        let digits = String(number)
        let line = Array((digits + String(repeating: " ", count: 11 - digits.count) + "\n").utf8)
        do throws(FileFailure) {
            // In place, so that what was written before is the room for it.
            try write(unsafe line.span.bytes, at: 0)
            try truncate(to: UInt64(line.count))
        } catch {
            return
        }
    }

    /// The number that ``writeNumber(_:)`` left; nil where there is none.
    func readNumber() -> Int32? {
        var bytes = [UInt8](repeating: 0, count: 16)
        var span = bytes.mutableSpan
        var raw = unsafe span.mutableBytes
        do throws(FileFailure) {
            let count = try read(into: &raw, at: 0)
            let digits = bytes.prefix(count).prefix { $0 >= 48 && $0 <= 57 }
            return Int32(String(decoding: digits, as: UTF8.self))
        } catch {
            return nil
        }
    }

    /// O_DIRECT, which the C library hides from Swift: its value differs between the processors.
    #if arch(x86_64) || arch(i386)
    static let directFlag: Int32 = 0o40000
    #else
    static let directFlag: Int32 = 0o200000
    #endif

    /// Goes on through the page cache where the file system took O_DIRECT at open and refuses it
    /// later.
    private func leaveDirect() -> Bool {
        let flags = fcntl(descriptor, F_GETFL)
        guard flags >= 0, flags & Self.directFlag != 0 else { return false }
        return fcntl(descriptor, F_SETFL, flags & ~Self.directFlag) == 0
    }

    private func failure(_ operation: FileFailure.Operation) -> FileFailure {
        FileFailure(operation, path: path, code: errno)
    }
}
