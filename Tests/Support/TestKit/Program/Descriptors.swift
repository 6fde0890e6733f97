internal import Glibc

/// Makes descriptors that a child process does not inherit, where the C library's one-step calls are out of Swift's reach.
///
/// The step between making one and marking it is guarded against every child that the kit starts.
enum Descriptors {
    // A count, because an empty value shares its address with a neighbour, which the thread sanitizer takes for a race.
    private static let guardian = Watched(0)

    /// Makes a descriptor with `make` and marks it; a negative result is handed on.
    static func closedInChildren(_ make: () -> Int32) -> Int32 {
        guardian.withLock { _ in
            let number = make()
            if number >= 0 { _ = fcntl(number, F_SETFD, FD_CLOEXEC) }
            return number
        }
    }

    /// A pipe whose ends are not inherited.
    static func pipe() throws(KitError) -> (read: Int32, write: Int32) {
        var ends: [Int32] = [-1, -1]
        let result = guardian.withLock { _ in
            let result = unsafe Glibc.pipe(&ends)
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            return result
        }
        if result != 0 { throw .system(call: "pipe", errno: errno) }
        return (ends[0], ends[1])
    }

    /// Runs `start`, which starts a child, while no descriptor is between being made and being marked.
    static func whileNoneIsBeingMade<Result>(_ start: () -> Result) -> Result {
        guardian.withLock { _ in start() }
    }
}
