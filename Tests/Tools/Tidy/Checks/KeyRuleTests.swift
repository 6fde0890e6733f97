import TestKit
import Testing

@Suite struct KeyRuleTests {
    /// Keys of gateways that cannot be started yet, of other forms of the same key, and of the whole document.
    private static let leftOut: Set = [
        "credential", "driver", "connection", "auth", "public_url", "adapters", "gateways",
        "components",
        "workflows",
        "listener",
    ]

    /// The rooms that read the configuration beside `Workflows`: settings stand beside what uses them.
    private static let readers: Set = [
        "Store", "Runs", "Components", "Listeners", "Controller", "Configuration",
        "WorkflowTesting", "Sluice",
    ]

    @Test func `every key the program reads is in the reference`() {
        let files = Tree.sources.filter { Self.readers.contains($0.room) && !isOfTests($0) }
        #expect(files.flatMap(KeyRule.keys).count > 30)
        let found = KeyRule.findings(
            in: files,
            reference: Tree.text("config/reference.yml"),
            leftOut: Self.leftOut
        )
        #expect(found == [])
    }

    /// Whether a file reads the tests of workflows, whose keys stand in docs/testing.md.
    private func isOfTests(_ file: SourceFile) -> Bool { file.room == "WorkflowTesting" }

    @Test func `every key the program reads is in the table of the schema`() {
        let files = Tree.sources.filter {
            Self.readers.contains($0.room) || ["Verification", "Workflows"].contains($0.room)
        }
        let table = files.filter { $0.path.contains("/Schema/SchemaTable") }
        let named = table.flatMap(\.text.lines).joined(separator: "\n")
        let read = files.filter { !isOfTests($0) }.flatMap(KeyRule.keys)
        #expect(read.count > 100)
        let missing = Set(read.map(\.key)).filter { !named.contains("\"\($0)\"") }
        #expect(
            missing == [],
            "put them into Sources/Configuration/Schema, so that editors know them"
        )
    }

    @Test func `every key of a test of a workflow is in the paper on testing`() {
        let paper = Tree.text("docs/testing.md")
        let read = Tree.sources.filter(isOfTests).flatMap(KeyRule.keys).map(\.key)
        #expect(Set(read).filter { !paper.contains("`\($0)`") && !paper.contains("`\($0)") } == [])
    }

    @Test(arguments: ["reference", "minimal", "image-pipeline"])
    func `the program accepts every configuration that is shown`(_ name: String) throws {
        let check = try SluiceProgram.start(
            ["check", "-f", PackageRoot.path("config/\(name).yml")],
            environment: ["IMAGE_AI_KEY": "a", "IMAGEOPTIM_KEY": "b"]
        )
        #expect(try check.waitForExit() == .exited(0))
        #expect((check.output + check.errors).contains("0 errors"))
    }

    @Test func `a key that is read and not named is found`() {
        let file = SourceFile(
            "Sources/Sluice/A.swift",
            "let reader = SettingsReader(node)\nlet a = reader.size(\"max_body_size\")\nlet b = reader.bool(\"bulk\", default: true)"
        )
        let yaml = "server:\n  max_body_size: 1MiB  # bulk: no\n"
        let found = KeyRule.findings(in: [file], reference: yaml, leftOut: [])
        #expect(found.map(\.line) == [3])
    }
}
