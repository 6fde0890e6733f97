internal import Platform
internal import Sluice

/// `sluice version`.
enum VersionCommand {
    static let command = Program.Command(
        name: "version",
        usage: "",
        summary: "Print the version",
        options: []
    ) { _ in
        Console.writeLine("sluice \(Version.text)")
        return 0
    }
}
