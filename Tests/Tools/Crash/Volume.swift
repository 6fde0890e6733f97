internal import Glibc
internal import TestKit

/// A file system of its own on a loop device, whose power can be cut and whose room can be used up.
///
/// Only root may have one.
final class Volume {
    /// Where it is mounted.
    let path: String
    private let image: String

    private static let megabytes = 480
    /// `EXT4_IOC_SHUTDOWN`, and its flag to lose the journal that is in memory (ext4's header).
    private static let shutdown: UInt = 0x8004_587D
    private static let withoutLog: UInt32 = 2

    /// Makes the file system and mounts it.
    ///
    /// - Throws: Where this process may not do so.
    init(in folder: TemporaryDirectory) throws(KitError) {
        path = folder.path("volume")
        image = folder.path("image")
        guard unsafe mkdir(path, 0o700) == 0 else { throw .system(call: "mkdir", errno: errno) }
        try Self.run("/bin/truncate", ["-s", "\(Self.megabytes)M", image])
        try Self.run("/sbin/mkfs.ext4", ["-q", "-F", image])
        try mount()
    }

    deinit {
        do throws(KitError) { try unmount() } catch { print("the volume stays mounted: \(error)") }
    }

    /// Lets the power go: what is not on the medium is lost, and every access fails from now on.
    func cut() throws(KitError) {
        let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(call: "open", errno: errno) }
        defer { close(descriptor) }
        var flag = Self.withoutLog
        guard unsafe ioctl(descriptor, Self.shutdown, &flag) == 0 else {
            throw .system(call: "ioctl", errno: errno)
        }
    }

    /// Comes back after a cut; nobody has a file of it open.
    func restore() throws(KitError) {
        try unmount()
        try mount()
    }

    /// Takes all the room there is.
    func fill() throws(KitError) {
        var status = statvfs()
        guard unsafe statvfs(path, &status) == 0 else {
            throw .system(call: "statvfs", errno: errno)
        }
        let bytes = status.f_bavail * status.f_frsize
        // What is left of it goes block by block.
        _ = try? Self.run("/bin/fallocate", ["-l", "\(bytes)", path + "/filler"])
        _ = try? Self.run("/bin/dd", ["if=/dev/zero", "of=\(path)/rest", "bs=4k", "status=none"])
    }

    /// Gives the room back.
    func empty() {
        for name in ["filler", "rest"] { unsafe unlink("\(path)/\(name)") }
    }

    private func mount() throws(KitError) {
        try Self.run("/bin/mount", ["-o", "loop", image, path])
    }

    private func unmount() throws(KitError) {
        let patience = Deadline.seconds(10)
        while true {
            do throws(KitError) {
                return try Self.run("/bin/umount", [path])
            } catch {
                // A process that was just killed may have a file open for a moment.
                if patience.hasPassed { throw error }
                pause(milliseconds: 20)
            }
        }
    }

    private static func run(_ program: String, _ arguments: [String]) throws(KitError) {
        let child = try ChildProgram(program, arguments)
        guard try child.waitForExit() == .exited(0) else {
            throw .malformed("\(program) \(arguments.joined(separator: " ")): \(child.errors)")
        }
    }
}
