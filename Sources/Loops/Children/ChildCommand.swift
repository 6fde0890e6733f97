internal import CLibUV

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

/// The environment of a child process.
enum ChildEnvironment {
    /// This process's variables with others put in, each as `NAME=VALUE`.
    static func merged(_ changes: [(name: String, value: String)]) -> [String] {
        var items: UnsafeMutablePointer<uv_env_item_t>?
        var count: Int32 = 0
        var kept: [String] = []
        let replaced = Set(changes.map(\.name))
        guard unsafe uv_os_environ(&items, &count) == 0 else { return changes.map(Self.text) }
        defer { unsafe uv_os_free_environ(items, count) }
        for index in 0..<Int(count) {
            guard let item = unsafe items?[index] else { continue }
            let name = unsafe String(cString: item.name)
            if replaced.contains(name) { continue }
            kept.append(unsafe "\(name)=\(String(cString: item.value))")
        }
        return kept + changes.map(Self.text)
    }

    private static func text(_ variable: (name: String, value: String)) -> String {
        "\(variable.name)=\(variable.value)"
    }
}

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
