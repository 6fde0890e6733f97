package import Primitives

/// One program that a step wants run.
package final class ShellCall: ComponentCall {
    /// The component it comes from.
    package let component: String
    /// The program and its arguments; at least one.
    package let arguments: [String]
    /// Variables set on top of the server's environment.
    package let environment: [(name: String, value: String)]
    /// Where it runs; nil for the server's own directory.
    package let workingDirectory: String?
    /// What it reads on standard input; nil for nothing.
    package let standardInput: [UInt8]?
    /// The bound of its life; nil where the default counts.
    package let timeout: Nanoseconds?
    /// Whether an exit code other than 0 is an answer like any other.
    package let takesAnyExitCode: Bool

    init(
        component: String,
        arguments: [String],
        environment: [(name: String, value: String)],
        workingDirectory: String?,
        standardInput: [UInt8]?,
        timeout: Nanoseconds?,
        takesAnyExitCode: Bool
    ) {
        self.component = component
        self.arguments = arguments
        self.environment = environment
        self.workingDirectory = workingDirectory
        self.standardInput = standardInput
        self.timeout = timeout
        self.takesAnyExitCode = takesAnyExitCode
    }
}
