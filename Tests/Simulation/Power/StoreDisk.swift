import CPowerVFS
import LogKit
import Primitives
import TestKit

/// The disk under a server's store: SQLite's files, of which a power cut leaves what was synced and a random part of the rest.
///
/// The power is that of the log's disk, and the changes of both are counted together. Safe because the pointer goes with it.
@safe final class StoreDisk {
    /// SQLite's name of the file layer.
    let name: String
    /// Where the store lies.
    let path: String
    private let directory: TemporaryDirectory
    private let plug: Plug
    private let layer: OpaquePointer

    init(_ disk: MemoryDisk, seed: UInt64) throws {
        directory = try TemporaryDirectory()
        path = directory.path("store")
        name = directory.path
        plug = Plug(disk)
        // The plug lives as long as this, and this as long as any connection.
        let context = unsafe Unmanaged.passUnretained(plug).toOpaque()
        let made = unsafe power_vfs_make(name, seed, ask, context)
        guard let made = unsafe made else {
            throw KitError.system(call: "power_vfs_make", errno: 12)
        }
        unsafe layer = made
    }

    deinit { unsafe power_vfs_free(layer) }

    /// Makes every sync a lie.
    func ignoreSyncs() {
        unsafe power_vfs_ignore_syncs(layer, 1)
    }

    /// How often the power went during a change to one of these files.
    var cutCount: Int { plug.cutCount.withLock { $0 } }

    /// Lets changes fail, from the one after so many on and as many as said, though the power is on.
    func jam(after first: Int, count: Int) {
        plug.jam.withLock { $0 = first..<(first + count) }
    }

    /// Comes back after a power cut, when no connection is open any more.
    func restart() throws {
        plug.jam.withLock { $0 = 0..<0 }
        let lost = unsafe power_vfs_restart(layer)
        guard lost >= 0 else { throw KitError.system(call: "power_vfs_restart", errno: 5) }
    }

    /// Says what becomes of a call.
    fileprivate final class Plug: Sendable {
        let disk: MemoryDisk
        /// Which of the next changes fail.
        let jam = Lock(0..<0)
        let cutCount = Lock(0)

        init(_ disk: MemoryDisk) {
            self.disk = disk
        }

        func answer(isChange: Bool) -> power_answer {
            switch disk.callElsewhere(isChange: isChange) {
            case .isOff: return power_off
            case .cutsPower:
                cutCount.withLock { $0 += 1 }
                return power_fails
            case .happens:
                guard isChange else { return power_on }
                return jam.withLock { jam in
                    defer { jam = max(0, jam.lowerBound - 1)..<max(0, jam.upperBound - 1) }
                    return jam.contains(0) ? power_fails : power_on
                }
            }
        }
    }
}

/// The question as C puts it.
private func ask(_ context: UnsafeMutableRawPointer?, _ isChange: Int32) -> Int32 {
    guard let context = unsafe context else { return 0 }
    let plug = unsafe Unmanaged<StoreDisk.Plug>.fromOpaque(context).takeUnretainedValue()
    return Int32(plug.answer(isChange: isChange != 0).rawValue)
}
