/// A program to be run as a child process, through a guard.
///
/// The guard is a process between: it kills all descendants of the program when the program has ended, when it is told
/// to, and when this process is gone, however it went.
package struct ChildCommand: Sendable {
    /// The executable that is the guard: `PATH guard [-C DIRECTORY] -- ARGUMENT…`.
    package let guardPath: String
    /// The program, looked for in PATH, and its arguments; at least one.
    package let arguments: [String]
    /// Variables set on top of this process's environment.
    package let environment: [(name: String, value: String)]
    /// Where it runs; nil for this process's directory.
    package let workingDirectory: String?
    /// What it reads on standard input; nil for nothing.
    package let input: [UInt8]?

    /// Describes a program run.
    package init(
        guardPath: String,
        arguments: [String],
        environment: [(name: String, value: String)] = [],
        workingDirectory: String? = nil,
        input: [UInt8]? = nil
    ) {
        self.guardPath = guardPath
        self.arguments = arguments
        self.environment = environment
        self.workingDirectory = workingDirectory
        self.input = input
    }

    /// The words of the guard's command line.
    var guardWords: [String] {
        [guardPath, "guard"] + (workingDirectory.map { ["-C", $0] } ?? []) + ["--"] + arguments
    }
}
