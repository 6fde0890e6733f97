import TestKit
import Testing

/// The page that says which blocks run, against the suite.
@Suite struct PaperTests {
    /// Block, section, what runs and the test's name, of every row of the table.
    private static func rows() throws -> [[String]] {
        try Files.text(PackageRoot.path("docs/blocks.md"))
            .split(separator: "\n")
            .map { $0.split(separator: "|").map { cell in cell.trimmed } }
            .filter { $0.count == 4 && $0[0].count == 2 && Int($0[0]) != nil }
    }

    /// The names of the suite's tests, as they stand between backticks.
    private static func names() throws -> Set<String> {
        let folder = PackageRoot.path("Tests/Integration")
        var names: Set<String> = []
        for file in try Files.below(folder) where file.hasSuffix(".swift") {
            for line in try Files.text("\(folder)/\(file)").split(separator: "\n") {
                let parts = line.split(separator: "`", omittingEmptySubsequences: false)
                if parts.count > 2, parts[0].hasSuffix("func ") { names.insert(String(parts[1])) }
            }
        }
        return names
    }

    @Test func `every block has its row, in order`() throws {
        #expect(try Self.rows().map { Int($0[0]) } == Array(1...37))
    }

    @Test func `every test that the page names is there`() throws {
        let names = try Self.names()
        for row in try Self.rows() {
            #expect(names.contains(row[3].filter { $0 != "`" }), "block \(row[0]): \(row[3])")
        }
    }

    @Test func `every section that a test is named after is in the page`() throws {
        let sections = Set(try Self.rows().compactMap { $0[1].split(separator: " ").first })
        let named = try Self.names().filter { $0.hasPrefix("13.") && !$0.hasPrefix("13.3.4") }
        #expect(named.count > 40)
        for name in named {
            let section = try #require(name.split { $0 == " " || $0 == "," }.first)
            #expect(sections.contains(section), "\(name)")
        }
    }
}

extension Substring {
    /// The text without the blanks around it.
    fileprivate var trimmed: String {
        let rest = drop { $0 == " " }
        return String(rest.reversed().drop { $0 == " " }.reversed())
    }
}
