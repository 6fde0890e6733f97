import TestKit
import Testing

@Suite struct CompletionTests {
    /// Completes a line in bash; the last word is the one that is being written.
    private func complete(_ words: [String]) throws -> [String] {
        let directory = try TemporaryDirectory()
        try Files.write(
            try Sluice(["completion", "bash"]).output,
            to: directory.path("sluice.bash")
        )
        let quoted = words.map { "'\($0)'" }.joined(separator: " ")
        let script = """
            source ./sluice.bash
            complete -p sluice >/dev/null || exit 9
            COMP_WORDS=(\(quoted)); COMP_CWORD=\(words.count - 1); _sluice
            printf '%s\\n' "${COMPREPLY[@]}"
            """
        let bash = try ChildProgram(
            "/bin/bash",
            ["--norc", "-c", script],
            directory: directory.path
        )
        #expect(try bash.waitForExit() == .exited(0))
        #expect(bash.errors == "")
        return bash.output.split(separator: "\n").map(String.init)
    }

    @Test(arguments: [
        (["sluice", "ren"], ["render"]), (["sluice", "runs", "li"], ["list"]),
        (["sluice", "send", ""], ["callback", "trigger"]),
        (["sluice", "runs", "list", "--stat"], ["--status"]),
        (["sluice", "completion", "z"], ["zsh"]),
        (["sluice", "up", "--log-format", "j"], ["json"]),
        (["sluice", "test", "sluice.b"], ["sluice.bash"]),
        (["sluice", "up", "-f", "sluice.b"], ["sluice.bash"]),
    ])
    func `bash completes commands, options, words and files`(
        _ words: [String],
        _ expected: [String]
    ) throws {
        #expect(try complete(words) == expected)
    }

    @Test(arguments: ["bash", "zsh"])
    func `the script is one the shell takes`(_ shell: String) throws {
        let path = ["/bin/\(shell)", "/usr/bin/\(shell)"].first(where: Files.exists)
        let script = try Sluice(["completion", shell]).output
        #expect(script.contains("sluice"))
        guard let path else { return }
        let directory = try TemporaryDirectory()
        try Files.write(script, to: directory.path("script"))
        let check = try ChildProgram(path, ["-n", directory.path("script")])
        #expect(try check.waitForExit() == .exited(0))
        #expect(check.errors == "")
    }

    @Test func `another shell is refused`() throws {
        let result = try Sluice(["completion", "fish"])
        #expect(result.status == .exited(2))
        #expect(result.errors.contains("bash or zsh"))
    }
}
