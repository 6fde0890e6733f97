/// How a child process ended.
package enum ExitStatus: Sendable, Equatable {
    /// It returned this code.
    case exited(Int32)
    /// This signal ended it.
    case signalled(Int32)

    /// Reads the status word of `waitpid`.
    init(word: Int32) {
        let signal = word & 0x7F
        self = signal == 0 ? .exited(word >> 8 & 0xFF) : .signalled(signal)
    }
}
