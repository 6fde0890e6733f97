internal import Platform

/// `sluice guard`: runs one program for a server; started by servers, not by people.
enum GuardCommand {
    /// Whether a command line is that of a guard.
    static func isMeant(by words: [String]) -> Bool {
        words.first == "guard"
    }

    /// Runs `guard [-C DIRECTORY] -- PROGRAM ARGUMENT…`.
    ///
    /// - Returns: The guard's exit code; 2 when the words were wrong.
    static func run(_ words: [String]) -> Int32 {
        var rest = words.dropFirst()
        var directory: String?
        if rest.first == "-C" {
            directory = rest.dropFirst().first
            rest = rest.dropFirst(2)
        }
        guard rest.popFirst() == "--", !rest.isEmpty else {
            return Program.mistaken(
                "guard is started by servers: guard [-C DIRECTORY] -- PROGRAM …"
            )
        }
        return Guard.run(Array(rest), directory: directory)
    }
}
