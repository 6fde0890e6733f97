import Configuration
import Documents
import TestKit
import Testing

/// What `config/reference.yml` gives as a default is the default.
@Suite struct ReferenceDefaultsTests {
    /// A key of the reference by its path: names of maps' keys and places in lists.
    struct Key: Sendable, CustomTestStringConvertible {
        var path: [String] = []
        var testDescription: String { path.joined(separator: ".") }
    }

    /// Blocks that only show how something is written.
    private static let examples = ["secrets", "workflow", "component"]

    private static let text: String = {
        do {
            return try Files.text("\(PackageRoot.path)/config/reference.yml")
        } catch {
            return ""
        }
    }()

    private static let root = YAMLReader.read(
        text,
        file: "reference.yml",
        diagnostics: Diagnostics()
    ).first

    /// The keys whose comment says nothing else than that the value is the default.
    static let keys: [Key] = {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return root.map { found(in: $0, Key(), lines) } ?? []
    }()

    private static func found(in node: Node, _ key: Key, _ lines: [Substring]) -> [Key] {
        var keys: [Key] = []
        for (name, value, line) in children(of: node) {
            if key.path.isEmpty, examples.contains(name) { continue }
            let inner = Key(path: key.path + [name])
            switch value.content {
            case .map: keys += found(in: value, inner, lines)
            case .list(let items) where items.contains { $0.scalarText == nil }:
                keys += found(in: value, inner, lines)
            default:
                let comment = lines[line - 1].split(separator: " # ", maxSplits: 1).dropFirst()
                    .first
                guard let comment, !["default", "without"].contains(where: comment.contains) else {
                    continue
                }
                keys.append(inner)
            }
        }
        return keys
    }

    private static func children(of node: Node) -> [(name: String, value: Node, line: Int)] {
        switch node.content {
        case .map(let entries): entries.map { ($0.key, $0.value, $0.keyPosition.line) }
        case .list(let items):
            items.enumerated().map { (String($0), $1, $1.position.line) }
        default: []
        }
    }

    private func without(_ path: ArraySlice<String>, _ node: Node) -> Node {
        guard let name = path.first else { return node }
        var node = node
        switch node.content {
        case .map(let entries):
            node.content = .map(
                entries.compactMap { entry in
                    guard entry.key == name else { return entry }
                    if path.count == 1 { return nil }
                    return Node.Entry(
                        key: name,
                        keyPosition: entry.keyPosition,
                        value: without(path.dropFirst(), entry.value)
                    )
                }
            )
        case .list(var items):
            if let place = Int(name) { items[place] = without(path.dropFirst(), items[place]) }
            node.content = .list(items)
        default: break
        }
        return node
    }

    /// All that was read but for the places where it is written.
    private func everything(_ node: Node) -> String {
        let diagnostics = Diagnostics()
        let configuration = Configuration(
            node,
            environment: ["PATH": "/bin"],
            isFragment: false,
            diagnostics: diagnostics
        )
        var text = ""
        dump(configuration, to: &text)
        // Nor whether the type of the store is written, which only `sluice run` asks, nor where keys of verifiers lie in memory.
        let places = [
            "- file: ", "- line: ", "- column: ", "- isKindGiven: ",
            "▿ some: Documents.SourcePosition",
            "- responsePosition: ", "▿ responsePosition: ", "- prepared: ",
        ]
        return text.split(separator: "\n").filter { line in
            !places.contains { line.drop { $0 == " " }.hasPrefix($0) }
        }.joined(separator: "\n")
            + diagnostics.all.filter { $0.severity == .error }.map(\.message)
            .joined(separator: "\n")
    }

    @Test(arguments: keys)
    func `a default of the reference is the program's`(_ key: Key) throws {
        let root = try #require(Self.root)
        #expect(everything(without(key.path[...], root)) == everything(root))
    }

    @Test func `the reference gives many defaults, and a changed one is seen`() throws {
        #expect(Self.keys.count > 40)
        let root = try #require(Self.root)
        let changed = Self.text.replacing("max_redirects: 10 ", with: "max_redirects: 11 ")
        let other = try #require(
            YAMLReader.read(changed, file: "reference.yml", diagnostics: Diagnostics()).first
        )
        #expect(everything(other) != everything(root))
    }
}
