import TestKit
import Testing

/// Where `${env.NAME}` comes from, and which of several files counts.
@Suite struct EnvironmentTests {
    private func render(
        _ arguments: [String],
        environment: [String: String] = [:],
        files: [String: String]
    ) throws -> Sluice {
        let directory = try TemporaryDirectory()
        for (name, text) in files { try Files.write(text, to: directory.path(name)) }
        return try Sluice(
            ["render", "${env.NAME | none}"] + arguments,
            environment: environment,
            directory: directory.path
        )
    }

    private static let files = [
        ".env": "NAME=dot\n", "a.env": "export NAME=\"a\" # no\n", "b.env": "# b\nNAME=b # yes\n",
    ]

    @Test(arguments: [
        (["-e", "NAME=given", "--env-file", "a.env"], ["NAME": "process"], "given"),
        (["-e", "NAME=one", "-e", "NAME=two"], [:], "two"), (["-e", "NAME=a=b"], [:], "a=b"),
        (["--env-file", "a.env"], ["NAME": "process"], "process"),
        (["--env-file", "a.env", "--env-file", "b.env"], [:], "b"),
        (["--env-file", "b.env", "--env-file", "a.env"], [:], "a"), ([], [:], "dot"),
        ([], ["NAME": "process"], "process"), ([], ["NAME": ""], ""),
    ])
    func `options win over the process, the process over files, later files over earlier`(
        _ arguments: [String],
        _ environment: [String: String],
        _ expected: String
    ) throws {
        let result = try render(arguments, environment: environment, files: Self.files)
        #expect(result.errors == "")
        #expect(result.output == "\"\(expected)\"")
    }

    @Test func `the file .env is read only where none is named`() throws {
        let files = [".env": "NAME=dot\n", "c.env": "OTHER=1\n"]
        #expect(try render(["--env-file", "c.env"], files: files).output == "\"none\"")
    }

    @Test(arguments: [
        (["-e", "NAME"], "-e wants NAME=value"),
        (["--env-file", "nowhere"], "error: cannot read nowhere: no such file"),
        (["--env-file", "bad.env"], "bad.env:2:1: error: this line is not of the form NAME=value"),
    ])
    func `what is no variable is told, without its text`(
        _ arguments: [String],
        _ message: String
    ) throws {
        let result = try render(arguments, files: ["bad.env": "A=1\nhunter2\n"])
        #expect(result.status == .exited(1))
        #expect(result.errors.contains(message), "\(result.errors)")
        #expect(!result.errors.contains("hunter2"))
    }
}
