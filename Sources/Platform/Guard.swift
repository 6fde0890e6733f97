internal import CProcess
internal import Glibc

/// The process that stands between the server and a program it runs, so that no descendant outlives the server.
package enum Guard {
    /// Runs a program and obeys the server on descriptor 3 until the program and all its descendants are gone.
    ///
    /// What is said over the descriptor stands in `CProcess.h`. To be called in a process of its own, with one thread.
    ///
    /// - Parameters:
    ///   - arguments: The program and its arguments; with none nothing is run.
    ///   - directory: Where it runs; nil for the present directory.
    /// - Returns: The exit code of the guard.
    package static func run(_ arguments: [String], directory: String?) -> Int32 {
        if arguments.isEmpty { return 1 }
        var words = unsafe arguments.map { unsafe strdup($0) } + [nil]
        defer { unsafe words.forEach { unsafe free($0) } }
        return unsafe sluice_guard(directory, &words)
    }
}
