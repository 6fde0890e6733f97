import Configuration
import Foundation
import TestKit
import Testing

/// What is made from the declarations of keys stands in the tree as it is made; `make keys` writes it.
@Suite struct KeyPagesTests {
    private static let writes = ProcessInfo.processInfo.environment["SLUICE_WRITE_KEYS"] != nil

    /// The papers that have tables of keys.
    private static let papers = ["configuration", "controller", "listeners"]

    private func compare(_ path: String, _ made: (String) -> String) throws {
        let text = try Files.text(PackageRoot.path(path))
        let right = made(text)
        if Self.writes, text != right { try Files.write(right, to: PackageRoot.path(path)) }
        #expect(Self.writes || text == right, "\(path) is not as `make keys` makes it")
    }

    @Test func `the reference is made from the declarations of the keys`() throws {
        try compare("config/reference.yml") { _ in ReferenceText.text }
    }

    @Test(arguments: papers)
    func `the tables of keys are made from their declarations`(_ paper: String) throws {
        let tables = KeyTables(ConfigurationSchema.maps)
        try compare("docs/\(paper).md") { text in
            #expect(text.contains("<!-- keys: "))
            return tables.renewed(text)
        }
    }

    @Test func `a marker of no map, of no key and without an end says so`() {
        let tables = KeyTables(ConfigurationSchema.maps)
        let end = "<!-- end of keys -->"
        #expect(tables.renewed("<!-- keys: lisener -->\n\(end)\n").contains("no map"))
        #expect(tables.renewed("<!-- keys: listener prot -->\n\(end)\n").contains("no such key"))
        #expect(tables.renewed("<!-- keys: listener -->\n").contains("missing"))
    }

    @Test func `a table is written anew between its markers, and the rest stays`() {
        let tables = KeyTables(ConfigurationSchema.maps)
        let end = "<!-- end of keys -->"
        let text = "a\n<!-- keys: log level -->\n| old |\n\(end)\nb\n"
        let table = """
            | key | default | meaning |
            |---|---|---|
            | `level` | `info` | the least level that is written: debug, info, warning, error |
            """
        #expect(tables.renewed(text) == "a\n<!-- keys: log level -->\n\(table)\n\(end)\nb\n")
    }
}
