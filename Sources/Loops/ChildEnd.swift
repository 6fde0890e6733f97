/// How a program run ended.
package enum ChildEnd: Sendable, Hashable {
    /// It ended by itself with this exit code.
    case exited(Int)
    /// This signal ended it.
    case signalled(Int)
    /// It could not be started; the system's reason.
    case notStarted(reason: String)
    /// Its directory cannot be entered; the system's reason.
    case directoryRefused(reason: String)
    /// The guard ended without a word, and the program with it.
    case lost
}
