import Glibc
import TestKit

/// Other processes, as tests look at them.
enum Processes {
    /// Whether a process is there.
    static func isAlive(_ pid: Int32) -> Bool {
        kill(pid, 0) == 0
    }

    /// Kills a process.
    static func kill(_ pid: Int32) {
        _ = Glibc.kill(pid, SIGKILL)
    }

    private static func kill(_ pid: Int32, _ signal: Int32) -> Int32 {
        Glibc.kill(pid, signal)
    }

    /// The process id that a program writes to a file, once it is there.
    static func id(in path: String) throws -> Int32 {
        try ids(in: path, count: 1)[0]
    }

    /// The process ids that programs write to a file, a line each, once they are there.
    static func ids(in path: String, count: Int) throws -> [Int32] {
        var found: [Int32] = []
        try eventually("\(count) process ids in \(path)") {
            guard Files.exists(path) else { return false }
            let text = try Files.text(path)
            found = text.split(separator: "\n").compactMap { Int32($0) }
            return found.count >= count && text.hasSuffix("\n")
        }
        return found
    }
}
