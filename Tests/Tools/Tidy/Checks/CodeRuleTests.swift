import Testing

/// Each rule about code finds what it is there for, and leaves alone what is fine.
@Suite struct CodeRuleTests {
    @Test(arguments: [
        ("Sources/Rendezvous/A.swift", "internal import CLibUV"),
        ("Sources/Rendezvous/A.swift", "import struct Workflows.Plan"),
        ("Sources/Rendezvous/A.swift", "internal import Glibc"),
        ("Sources/Runs/A.swift", "internal import HTTPEngine"),
        ("Sources/Sluice/A.swift", "import Foundation"),
        ("Sources/Sluice/A.swift", "private import FoundationEssentials"),
        ("Sources/Attic/A.swift", "import Primitives"),
    ])
    func `a forbidden import is found`(_ path: String, _ line: String) {
        #expect(ImportRule.findings(in: SourceFile(path, line)).count == 1)
    }

    @Test func `imports that are allowed, and mere talk of them, are fine`() {
        let text = """
            package import Primitives
            internal import Synchronization  // not import Foundation
            let sentence = "import Foundation"
            """
        #expect(ImportRule.findings(in: SourceFile("Sources/Rendezvous/A.swift", text)) == [])
    }

    @Test(arguments: [
        ("Problem(status: 404, detail: \"there is none\")", 1),
        ("    detail:\n        \"there is none\"", 1),
        ("Problem(status: 404, detail: \"There is none.\")", 0),
        ("Problem(status: 404, detail: \"`limit` is 1 to 9.\")", 0),
        ("Problem(status: 404, detail: \"\\(what) is none.\")", 0), ("detail: detail", 0),
    ])
    func `a detail that is no sentence is found`(_ text: String, _ count: Int) {
        #expect(
            SentenceRule.findings(in: SourceFile("Sources/Sluice/A.swift", text)).count == count
        )
    }

    @Test func `a C room has one owner`() {
        let one = SourceFile("Sources/Expressions/Match.swift", "internal import CPCRE2")
        let two = SourceFile("Sources/Expressions/Other.swift", "internal import CPCRE2")
        #expect(ImportRule.strangers(in: [one]) == [])
        #expect(ImportRule.strangers(in: [one, two]).map(\.path) == [two.path])
    }

    @Test func `a manifest that differs from the table is found`() {
        let manifest = """
            room("Primitives", ["CPrimitives"]),
            room("Loops", ["CLibUV"]),
            .executableTarget(name: "sluice", dependencies: ["Sluice"], path: "Sources/Command"),
            """
        let table: [String: Set<String>] = [
            "Primitives": ["CPrimitives"], "Loops": ["CLibUV", "Primitives"], "Command": ["Sluice"],
        ]
        let found = ManifestRule.findings(in: manifest, table: table)
        #expect(found.map(\.what) == ["Loops: CLibUV; Rooms.imports: CLibUV Primitives"])
    }

    @Test(arguments: [
        "let p = unsafe base + 1", "func f(_ p: UnsafeRawPointer) {}", "x.withUnsafeBytes { $0 }",
        "let o = Unmanaged.passRetained(self)",
    ])
    func `an unsafe word outside its rooms is found`(_ line: String) {
        #expect(UnsafeRule.findings(in: SourceFile("Sources/Workflows/A.swift", line)).count == 1)
        #expect(UnsafeRule.findings(in: SourceFile("Sources/Loops/A.swift", line)) == [])
    }

    @Test func `the owner of PCRE2 may be unsafe, its neighbours may not`() {
        let owner = "internal import CPCRE2\nlet p = unsafe q"
        #expect(UnsafeRule.findings(in: SourceFile("Sources/Expressions/A.swift", owner)) == [])
        let other = SourceFile("Sources/Expressions/B.swift", "let p = unsafe q")
        #expect(UnsafeRule.findings(in: other).count == 1)
    }

    @Test func `unchecked Sendable needs its reason`() {
        let bare = "final class A: @unchecked Sendable {}"
        let said = "final class A: @unchecked Sendable {\n    // Sendable because it is locked.\n}"
        #expect(UnsafeRule.unexplained(in: SourceFile("Sources/Loops/A.swift", bare)).count == 1)
        #expect(UnsafeRule.unexplained(in: SourceFile("Sources/Loops/A.swift", said)) == [])
    }

    @Test(arguments: [
        "try! f()", "let a = try? f()", "b as! Int", "fatalError(\"x\")",
        "let s = \"\\(try! f())\"",
    ])
    func `banned code is found`(_ line: String) {
        let file = SourceFile("Sources/Loops/A.swift", line)
        #expect(BannedRule.findings(in: file, BannedRule.inSources).count == 1)
    }

    @Test(arguments: [
        "let s = \"try! f()\"", "// try! is banned", "let s = #\"a \"as! b\"#", "retry! + 1",
        "let s = \"\"\"\n    fatalError(\n    \"\"\"",
    ])
    func `talk of banned code is fine`(_ line: String) {
        let file = SourceFile("Sources/Loops/A.swift", line)
        #expect(BannedRule.findings(in: file, BannedRule.inSources) == [])
    }

    @Test(arguments: ["Thread.sleep(1)", "usleep(5)", "await Task.sleep(for: .seconds(1))"])
    func `a sleeping test is found`(_ line: String) {
        let file = SourceFile("Tests/Unit/Loops/A.swift", line)
        #expect(BannedRule.findings(in: file, BannedRule.inTests).count == 1)
    }

    @Test(arguments: ["let a = Mutex(1)", "private let a: Mutex<Int>", "Synchronization.Mutex(1)"])
    func `a lock that the thread sanitizer does not see is found`(_ line: String) {
        let file = SourceFile("Tests/Unit/Loops/A.swift", line)
        #expect(BannedRule.findings(in: file, BannedRule.everywhere).count == 1)
    }

    @Test func `what locks a mutex of pthread is fine`() {
        let file = SourceFile("Sources/Primitives/A.swift", "unsafe lockMutex(mutex)")
        #expect(BannedRule.findings(in: file, BannedRule.everywhere) == [])
    }

    @Test(arguments: [
        ("do { try f() } catch {}", 1), ("} catch {\n}", 1), ("} catch { }", 1),
        ("} catch {\n    // It is gone already.\n}", 0), ("} catch {\n    log(error)\n}", 0),
    ])
    func `an empty catch is found`(_ text: String, _ count: Int) {
        let file = SourceFile("Sources/Loops/A.swift", text)
        #expect(BannedRule.emptyCatches(in: file).count == count)
    }

    @Test func `a promise in a comment is found`() {
        let text = "// TO" + "DO: later\nlet todos = 1"
        #expect(BannedRule.leftovers(in: SourceFile("Sources/Loops/A.swift", text)).count == 1)
    }

    @Test(arguments: [
        "package func f() {}", "struct A {}", "package static let a = 1", "final class B {}",
        "@inlinable\npackage init() {}", "package enum C: Error {}", "package var a: Int { 1 }",
        "/// Doc.\n\npackage func f() {}",
    ])
    func `a declaration without a doc comment is found`(_ text: String) {
        let file = SourceFile("Sources/Loops/A.swift", text)
        #expect(DocumentedRule.findings(in: file).count == 1)
    }

    @Test(arguments: [
        "/// Doc.\npackage func f() {}", "/// Doc.\n@inlinable\npackage init() {}",
        "package static func < (a: A, b: A) -> Bool { true }", "private func g() {}",
        "extension A {}", "package import Primitives", "let a = package", "func f() {}",
        "/// Doc.\n@available(*, deprecated)\npackage struct A {}",
    ])
    func `a declaration with one, or that needs none, is fine`(_ text: String) {
        #expect(DocumentedRule.findings(in: SourceFile("Sources/Loops/A.swift", text)) == [])
    }

    @Test func `what a protocol requires is documented there`() {
        let text = """
            /// Doc.
            package protocol Job {
                /// Doc.
                func run()
                func stop()
            }
            """
        let names = DocumentedRule.requirements(of: SourceFile("Sources/Loops/Job.swift", text))
        #expect(names == ["run"])
        let witness = SourceFile("Sources/Loops/A.swift", "package func run() {}")
        #expect(DocumentedRule.findings(in: witness, requirements: names) == [])
        #expect(DocumentedRule.findings(in: witness).count == 1)
    }
}
