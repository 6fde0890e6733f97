import Testing

@Suite struct FolderRuleTests {
    private func files(_ count: Int, in folder: String) -> [SourceFile] {
        (0..<count).map { SourceFile("\(folder)/A\($0).swift", "") }
    }

    @Test func `a folder of twelve files is fine and one of thirteen is not`() {
        #expect(FolderRule.findings(in: files(12, in: "Sources/Loops")) == [])
        #expect(FolderRule.findings(in: files(13, in: "Sources/Loops")).count == 1)
    }

    @Test func `files of a folder inside count for that one`() {
        let all = files(12, in: "Sources/Loops") + files(12, in: "Sources/Loops/Streams")
        #expect(FolderRule.findings(in: all) == [])
    }

    @Test func `a type's name that two files have is found, in the second`() {
        let all = [
            SourceFile("Sources/Loops/A.swift", "package struct Node {\n    enum Kind {}\n}\n"),
            SourceFile("Sources/Store/A.swift", "enum Kind {}\n@safe final class Node {}\n"),
        ]
        #expect(TypeNameRule.findings(in: all).map(\.path) == ["Sources/Store/A.swift"])
    }

    @Test func `extensions, nested and private types share names`() {
        let all = [
            SourceFile("Sources/Loops/A.swift", "struct Node {}\nprivate struct Local {}\n"),
            SourceFile("Sources/Store/A.swift", "extension Node {}\nprivate struct Local {}\n"),
            SourceFile(
                "Sources/Runs/A.swift",
                "enum Outer {\n    struct Node {}\n}\n// struct Node {}\n"
            ),
        ]
        #expect(TypeNameRule.findings(in: all) == [])
    }
}
