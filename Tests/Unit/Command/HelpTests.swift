import TestKit
import Testing

@Suite struct HelpTests {
    private static let commands = [
        "up", "check", "run", "listen", "demo", "demo service", "runs list", "runs show",
        "runs watch",
        "runs cancel", "runs resume",
        "runs retry", "ledger list", "ledger show", "ledger replay", "explain", "store stats",
        "store check", "sign", "verify", "store backup", "store repair", "send callback",
        "send trigger",
        "runs start", "render",
        "test", "schema",
        "completion", "version",
    ]

    @Test func `every command is in the help`() throws {
        let help = try Sluice(["--help"])
        #expect(help.status == .exited(0))
        for command in Self.commands { #expect(help.output.contains("  \(command) ")) }
    }

    @Test(arguments: commands)
    func `every command tells what it takes`(_ command: String) throws {
        let words = command.split(separator: " ").map(String.init)
        let help = try Sluice(words + ["--help"])
        #expect(help.status == .exited(0))
        #expect(help.output.hasPrefix("Usage: sluice \(command)"))
        #expect(try Sluice(["help"] + words).output == help.output)
        let wrong = try Sluice(words + ["--nonsense"])
        #expect(wrong.status == .exited(2))
        #expect(wrong.errors.contains("Unknown option --nonsense"))
    }

    @Test(arguments: [
        (["runz"], "There is no command `runz`; did you mean `run`?"),
        (["runs", "lst"], "There is no command `runs lst`; did you mean `runs list`?"),
        (["frobnicate"], "There is no command `frobnicate`; see sluice --help"),
    ])
    func `a command that is none is answered with the nearest`(
        _ words: [String],
        _ message: String
    ) throws {
        let result = try Sluice(words)
        #expect(result.status == .exited(2))
        #expect(result.errors.contains(message))
    }

    @Test func `a group alone lists its commands`() throws {
        let asked = try Sluice(["runs", "--help"])
        #expect(asked.status == .exited(0))
        #expect(asked.output.contains("runs watch"))
        let alone = try Sluice(["runs"])
        #expect(alone.status == .exited(2))
        #expect(alone.errors.contains("runs watch"))
    }
}
