import Glibc
import Testing

@testable import SegmentLog

@Suite final class POSIXFileSystemTests {
    private let path: String

    init() {
        var template = Array("/tmp/segment-log-test-XXXXXX".utf8CString)
        path = unsafe template.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress, let made = unsafe mkdtemp(base) else { return "" }
            return unsafe String(cString: made)
        }
    }

    deinit {
        do throws(FileFailure) {
            let files = try POSIXFileSystem(directory: path)
            for name in try files.list() { try files.remove(name) }
        } catch {
            Issue.record("\(error.description)")
        }
        unsafe rmdir(path)
    }

    @Test(arguments: [LogSettings.Durability.commit, .relaxed])
    func `a log in a real directory comes back`(_ durability: LogSettings.Durability) throws {
        let files = try POSIXFileSystem(directory: path)
        var settings = LogFixture.settings()
        settings.durability = durability
        let first = try OpenLog(files, settings)
        for number in 0..<40 { try first.commit("\(number)") }
        #expect(throws: LogError.locked(by: getpid())) { _ = try OpenLog(files, settings) }
        first.log.close()
        let second = try OpenLog(files, settings)
        #expect(second.texts == (0..<40).map(String.init))
        second.log.close()
    }

    @Test func `removing the lock by hand lets no second one in`() throws {
        let files = try POSIXFileSystem(directory: path)
        let first = try OpenLog(files)
        try files.remove("lock")
        #expect(throws: LogError.locked(by: nil)) { _ = try OpenLog(files) }
        first.log.close()
        let second = try OpenLog(files)
        second.log.close()
    }

    @Test func `a closed log is free although a child process still has its descriptors`() throws {
        let files = try POSIXFileSystem(directory: path)
        let first = try OpenLog(files)
        // What a child has between fork and exec: other descriptors of the same open files.
        let inherited = (0..<1024 as Range<Int32>).filter { leads($0, below: path) }.map { dup($0) }
        defer { for descriptor in inherited { close(descriptor) } }
        #expect(inherited.count >= 2)
        first.log.close()
        let second = try OpenLog(files)
        second.log.close()
    }

    /// Whether a descriptor of this process is open on the folder, or on a file in it.
    private func leads(_ descriptor: Int32, below folder: String) -> Bool {
        var name = [UInt8](repeating: 0, count: 4096)
        let count = unsafe name.withUnsafeMutableBytes { bytes -> Int in
            guard let base = bytes.baseAddress else { return 0 }
            let place = unsafe base.assumingMemoryBound(to: CChar.self)
            return unsafe readlink("/proc/self/fd/\(descriptor)", place, bytes.count)
        }
        guard count > 0 else { return false }
        return String(decoding: name.prefix(count), as: UTF8.self).hasPrefix(folder)
    }

    @Test(arguments: [true, false])
    func `a file is written, read, cut and found`(_ direct: Bool) throws {
        let files = try POSIXFileSystem(directory: path)
        let file = try files.open("f", creating: true, direct: direct)
        try file.preallocate(16384)
        let block = AlignedBytes(count: 4096)
        block.store(UInt64(77), at: 8)
        try block.withBytes(0..<4096) { bytes in try file.write(bytes, at: 8192) }
        try file.sync()
        try file.discardCache()
        let read = AlignedBytes(count: 20480)
        let count = try read.withMutableBytes(0..<20480) { bytes in
            try file.read(into: &bytes, at: 0)
        }
        #expect(count == 16384)
        #expect(read.load(UInt64.self, at: 8200) == 77)
        #expect(read.load(UInt64.self, at: 0) == 0)
        try file.truncate(to: 4096)
        #expect(try file.size() == 4096)
        try files.rename("f", to: "g")
        try files.syncDirectory()
        #expect(try files.list() == ["g"])
        try files.remove("g")
        #expect(try files.list() == [])
    }

    @Test func `every refusal names the operation, the file and the cause`() throws {
        let files = try POSIXFileSystem(directory: path)
        let missing = FileFailure(.open, path: path + "/none", code: ENOENT)
        #expect(throws: missing) { _ = try files.open("none", creating: false, direct: true) }
        #expect(missing.description == "cannot open \(path)/none: No such file or directory (2)")
        #expect(throws: FileFailure(.remove, path: path + "/none", code: ENOENT)) {
            try files.remove("none")
        }
        #expect(throws: FileFailure(.rename, path: path + "/none", code: ENOENT)) {
            try files.rename("none", to: "g")
        }
        #expect(throws: FileFailure(.create, path: path + "/a/b", code: ENOENT)) {
            _ = try POSIXFileSystem(directory: path + "/a/b")
        }
    }
}
