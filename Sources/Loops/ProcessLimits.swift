internal import CLibUV

/// What a server sets for its whole process, once, before it opens sockets.
package enum ProcessLimits {
    /// Raises the limit of open files (RLIMIT_NOFILE) to the hard limit, and gives the limit now in force.
    package static func raiseOpenFiles() throws(LoopError) -> Int {
        let limit = sluice_raise_open_files()
        try check(Int32(clamping: limit), "raising the limit of open files")
        return limit
    }

    /// Makes writing to a connection that the other side closed an error instead of the end of the process.
    package static func ignoreBrokenPipes() throws(LoopError) {
        try check(sluice_ignore_sigpipe(), "ignoring SIGPIPE")
    }
}
