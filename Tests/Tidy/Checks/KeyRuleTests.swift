import TestKit
import Testing

@Suite struct KeyRuleTests {
    /// Keys of gateways that cannot be started yet, of other forms of the same key, and of the whole document.
    private static let leftOut: Set = [
        "driver", "connection", "auth", "public_url", "adapters", "gateways", "components",
        "workflows",
        "listener",
    ]

    @Test func `every key the program reads is in the reference`() {
        let files = Tree.sources.filter { $0.room == "Sluice" }
        #expect(files.flatMap(KeyRule.keys).count > 30)
        let found = KeyRule.findings(
            in: files,
            reference: Tree.text("config/reference.yml"),
            leftOut: Self.leftOut
        )
        #expect(found == [])
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
