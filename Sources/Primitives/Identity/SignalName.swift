/// The names of the signals of Linux.
package enum SignalName {
    private static let names = [
        "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE",
        "SIGKILL",
        "SIGUSR1", "SIGSEGV", "SIGUSR2", "SIGPIPE", "SIGALRM", "SIGTERM", "SIGSTKFLT", "SIGCHLD",
        "SIGCONT", "SIGSTOP", "SIGTSTP", "SIGTTIN", "SIGTTOU", "SIGURG", "SIGXCPU", "SIGXFSZ",
        "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGIO", "SIGPWR", "SIGSYS",
    ]

    /// The name of a signal, such as `SIGKILL` for 9; `signal 40` where it has none.
    package static func of(_ number: Int) -> String {
        isNamed(number) ? names[number - 1] : "signal \(number)"
    }

    /// The signal that an exit code tells of, as shells have it: 128 and its number; nil for other exit codes.
    package static func told(byExitCode code: Int) -> String? {
        code > 128 && isNamed(code - 128) ? names[code - 129] : nil
    }

    private static func isNamed(_ number: Int) -> Bool { (1...names.count).contains(number) }
}
