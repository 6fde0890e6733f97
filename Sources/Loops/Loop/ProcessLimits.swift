internal import CLibUV

/// What a server sets for its whole process, once, before it opens sockets.
package enum ProcessLimits {
    /// Raises the limit of open files (RLIMIT_NOFILE) to the hard limit, and gives the limit now in force.
    package static func raiseOpenFiles() throws(LoopError) -> Int {
        let limit = sluice_raise_open_files()
        try check(Int32(clamping: limit), "raising the limit of open files")
        return limit
    }

    /// The most descriptors that are kept back for the server's own use.
    private static let reserveMax = 1_088

    /// How many of the process's descriptors its own files and outgoing requests may count on: a quarter, 1,088 at most.
    ///
    /// The system gives the lowest number that is free, so that a connection with a number in the reserve has come when all
    /// others are taken.
    package static var reservedFiles: Int { min(openFiles / 4, reserveMax) }

    /// How many files the process may have open (RLIMIT_NOFILE).
    package static var openFiles: Int { max(0, sluice_open_files()) }

    /// Makes writing to a connection that the other side closed an error instead of the end of the process.
    package static func ignoreBrokenPipes() throws(LoopError) {
        try check(sluice_ignore_sigpipe(), "ignoring SIGPIPE")
    }
}
