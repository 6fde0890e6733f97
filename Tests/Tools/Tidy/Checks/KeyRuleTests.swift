import TestKit
import Testing

@Suite struct KeyRuleTests {
    /// The rooms whose readers read by declarations.
    private static let declared: Set = [
        "Store", "Runs", "Components", "Listeners", "Controller", "Configuration", "Sluice",
    ]

    /// The rooms whose readers name keys, and the folder of each with a table of them.
    private static let tabled = [
        "Workflows": "Sources/Workflows/Keys/",
        "Verification": "Sources/Verification/Settings/VerifierKeys",
    ]

    @Test func `readers read by the declarations of keys`() {
        let files = Tree.sources.filter { Self.declared.contains($0.room) }
        let declarations = files.count { file in
            file.text.words.contains { $0.contains("SettingKey") }
        }
        #expect(declarations > 10)
        #expect(KeyRule.findings(in: files) == [])
    }

    /// Whether a file reads the tests of workflows, whose keys stand in docs/testing.md.
    private func isOfTests(_ file: SourceFile) -> Bool { file.room == "WorkflowTesting" }

    @Test(arguments: tabled)
    func `every key that is named where it is read is in its room's table`(
        _ room: String,
        _ folder: String
    ) {
        let files = Tree.sources.filter { $0.room == room }
        let table = files.filter { $0.path.hasPrefix(folder) }
        let named = table.flatMap(\.text.lines).joined(separator: "\n")
        let read = files.flatMap(KeyRule.keys).map(\.key)
        #expect(read.count > 40)
        #expect(Set(read).filter { !named.contains("\"\($0)\"") } == [])
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

    @Test func `a key that is named where it is read is found`() {
        let file = SourceFile(
            "Sources/Sluice/A.swift",
            "let reader = SettingsReader(node)\nlet a = reader.read(Keys.size)\nlet b = "
                + "reader.bool(\"bulk\", default: true)"
        )
        #expect(KeyRule.findings(in: [file]).map(\.line) == [3])
    }
}
