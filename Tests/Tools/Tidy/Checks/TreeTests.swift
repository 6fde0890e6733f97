import Primitives
import TestKit
import Testing

/// The rules, applied to the tree as it is.
@Suite struct TreeTests {
    @Test func `the tree is read`() {
        #expect(Tree.sources.count > 20)
        #expect(Tree.all.contains { $0.path == "Tests/Tools/Tidy/Checks/TreeTests.swift" })
    }

    @Test func `every file imports only what its room may`() {
        #expect(Tree.sources.flatMap(ImportRule.findings) == [])
        #expect(ImportRule.strangers(in: Tree.sources) == [])
    }

    @Test func `the manifest says what the table of rooms says`() {
        #expect(ManifestRule.findings(in: Tree.text("Package.swift")) == [])
    }

    @Test func `no room reaches itself through those it imports`() {
        #expect(Rooms.imports.keys.filter { Rooms.reached(from: $0).contains($0) } == [])
    }

    @Test(arguments: ["Journal", "Store", "Runs", "Components"])
    func `what keeps and carries on runs knows no HTTP server`(_ room: String) {
        #expect(Rooms.reached(from: room).contains("Primitives"))
        #expect(!Rooms.reached(from: room).contains("HTTPEngine"))
    }

    @Test func `pointers and unsafe code stay in their rooms`() {
        #expect(Tree.sources.flatMap(UnsafeRule.findings) == [])
    }

    @Test func `every unchecked Sendable says why it is sound`() {
        #expect(Tree.all.flatMap(UnsafeRule.unexplained) == [])
    }

    @Test func `nothing swallows an error or ends the process`() {
        #expect(Tree.sources.flatMap { BannedRule.findings(in: $0, BannedRule.inSources) } == [])
        #expect(Tree.sources.flatMap(BannedRule.emptyCatches) == [])
    }

    @Test func `no test sleeps or forces`() {
        #expect(Tree.rest.flatMap { BannedRule.findings(in: $0, BannedRule.inTests) } == [])
    }

    @Test func `no lock is one that the thread sanitizer does not see`() {
        #expect(Tree.all.flatMap { BannedRule.findings(in: $0, BannedRule.everywhere) } == [])
    }

    @Test func `what people are told over HTTP is a sentence`() {
        #expect(Tree.sources.flatMap(SentenceRule.findings) == [])
    }

    @Test func `nothing is left for later`() {
        #expect(Tree.all.flatMap(BannedRule.leftovers) == [])
    }

    @Test func `every type and every package declaration is documented`() {
        let requirements = Tree.sources.reduce(into: Set<String>()) {
            $0.formUnion(DocumentedRule.requirements(of: $1))
        }
        let found = Tree.sources.flatMap {
            DocumentedRule.findings(in: $0, requirements: requirements)
        }
        #expect(found == [])
    }

    @Test func `files, functions and lines are short`() {
        #expect(Tree.all.flatMap(LengthRule.findings) == [])
    }

    @Test func `folders are small, and a type's name means one thing`() {
        #expect(FolderRule.findings(in: Tree.sources) == [])
        #expect(TypeNameRule.findings(in: Tree.sources) == [])
    }

    @Test func `every problem code is explained, and nothing else`() {
        let codes = ProblemCode.allCases.map(\.rawValue)
        #expect(PaperRule.codes(codes, page: Tree.text("docs/errors.md")) == [])
    }

    @Test func `every folder of sources and benchmarks is explained`() {
        let nested = (Tree.sources + Tree.rest.filter { $0.path.hasPrefix("Benchmarks/") })
            .map(\.folder)
        let rooms = Tree.paths(below: "Sources").map {
            $0.split(separator: "/").prefix(2).joined(separator: "/")
        }
        let folders = Set(nested + rooms + ["Benchmarks"]).sorted()
        #expect(PaperRule.folders(folders, page: Tree.text("docs/architecture.md")) == [])
    }

    @Test func `every link in a paper leads somewhere`() {
        let papers = Tree.written.filter { $0.hasSuffix(".md") }
        #expect(papers.count > 5)
        let found = papers.flatMap { path in
            PaperRule.links(in: path, Tree.text(path)) { Files.exists(PackageRoot.path($0)) }
        }
        #expect(found == [])
    }

    @Test func `no file tells of one machine`() {
        #expect(Tree.written.flatMap { PaperRule.placeNames(in: $0, Tree.text($0)) } == [])
    }

    @Test func `every file of configuration is named in the papers`() {
        let papers = (["README.md"] + Tree.paths(below: "docs", endings: [".md"])).map(Tree.text)
        let unnamed = (Tree.paths(below: "config") + Tree.paths(below: "deploy"))
            .filter { path in !papers.contains { $0.contains(path) } }
        #expect(unnamed == [])
    }
}
