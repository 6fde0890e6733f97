import Documents
import JSONWire
import Primitives
import Testing

/// Every refusal: what it says and where.
@Suite struct YAMLErrorTests {
    @Test(arguments: [
        ("a: 1\nb: 2\na: 3", ["3:1 the key `a` is already at test.yml:1:1"]),
        ("x:\n  - {k: 1, k: 2}", ["2:12 x[0]: the key `k` is already at test.yml:2:6"]),
        ("1: a\n'1': b", ["2:1 the key `1` is already at test.yml:1:1"]),
        ("a: *b", ["1:4 a: the alias `*b` has no anchor `&b` before it"]),
        ("a: &a [1, *a]", ["1:11 a[1]: the alias `*a` stands inside its own anchor `&a`"]),
        ("? [a]\n: 1", ["1:3 found a list as key, expected text"]),
        ("{a: 1}: 2", ["1:1 found a map as key, expected text"]),
        ("<<: 5", ["1:5 found the integer `5` under `<<`, expected a map or a list of maps"]),
        (
            "<<: [{a: 1}, b]",
            ["1:14 found the text `b` under `<<`, expected a map or a list of maps"]
        ),
        ("<<: {a: 1}\n<<: {b: 2}", ["2:1 the key `<<` is already at test.yml:1:1"]),
        ("a: !!int x", ["1:4 a: found the text `x`, expected an integer as its tag says"]),
        ("!!float x", ["1:1 found the text `x`, expected a number as its tag says"]),
        ("!!bool x", ["1:1 found the text `x`, expected a boolean as its tag says"]),
        ("!!null x", ["1:1 found the text `x`, expected null as its tag says"]),
        (
            "a: !secret x",
            ["1:4 warning a: the tag `!secret` has no meaning here; the value is read as written"]
        ),
        (
            "a: !t [x]",
            ["1:4 warning a: the tag `!t` has no meaning here; the value is read as written"]
        ),
        ("a:\n\tb: 1", ["2:1 found a tab, expected spaces: YAML is not indented with tabs"]),
        (
            "a:\n  b: 1\n\tc: 2",
            ["3:1 found a tab, expected spaces: YAML is not indented with tabs"]
        ),
        (
            "a: b: c",
            ["1:5 found `: ` inside a value, expected it only after a key; put the value in quotes"]
        ),
        (
            "a: 1\n b: 2",
            ["2:3 found `: ` inside a value, expected it only after a key; put the value in quotes"]
        ),
        ("a: @x", ["1:4 a value cannot begin with this character; put it in quotes"]),
        ("a: `x`", ["1:4 a value cannot begin with this character; put it in quotes"]),
        ("a: %x", ["1:4 a value cannot begin with this character; put it in quotes"]),
        ("a: \"x", ["1:4 the text that begins here has no closing `\"`"]),
        ("a: 'x\nb: 1\n", ["1:4 the text that begins here has no closing `'`"]),
        (
            "a: \"x\nb: \"y\"",
            ["1:4 the text that begins here ends only at 2:4: is a closing `\"` missing in line 1?"]
        ),
        (
            "l:\n  - a: 'x\n    b: 2\n  - a: 'y'\n    b: 3",
            ["2:8 the text that begins here ends only at 4:8: is a closing `'` missing in line 2?"]
        ),
        (
            "a: \"x\" y",
            ["1:8 found text behind the closing `\"`: quotes stand round all of a value"]
        ),
        (
            "a: { message: ${jobs.ask.output} }",
            ["1:15 in { … } an expression needs quotes [message: \"${jobs.ask.output}\"]"]
        ),
        (
            "a: {b: 1, c: ${x.y | \"z\"}}",
            ["1:14 in { … } an expression needs quotes [c: '${x.y | \"z\"}']"]
        ),
        (
            "a: {c: http://h/${x}/y, d: 1}",
            ["1:8 in { … } an expression needs quotes [c: \"http://h/${x}/y\"]"]
        ),
        ("a: [${x}, ${y}]", ["1:5 in [ … ] an expression needs quotes [\"${x}\"]"]),
        ("a: [sh, -c, ${x}]", ["1:13 in [ … ] an expression needs quotes [\"${x}\"]"]),
        (
            "a: {{ body.id }}",
            ["1:5 a: `{{ body.id }}` is a map to YAML: an expression is \"${body.id}\""]
        ),
        ("w:\n  id:w\n  jobs: []", ["2:3 behind the `:` of a key stands a blank [id: w]"]),
        ("a:1\nb: 2", ["1:1 behind the `:` of a key stands a blank [a: 1]"]),
        (
            "j:\n  - id: a\n    component shell\n    input: x",
            ["3:5 line 3 has no `:`, expected `key: value`"]
        ),
        ("a: \"\\q\"", ["1:5 found an unknown escape after `\\` in double quotes"]),
        ("a: [1, 2", ["2:1 expected `,` or `]` (the `[` began at line 1)"]),
        ("a: {b: 1", ["2:1 expected `,` or `}` (the `{` began at line 1)"]),
        ("a: 1\nb", ["2:1 line 2 has no `:`, expected `key: value`"]),
        (
            "- a\nb: 1",
            [
                "2:1 expected `- ` at the indentation of the list's other items (the list began at line 1)"
            ]
        ),
        (
            "a:\n    b: 1\n  c: 2",
            [
                "3:3 expected a key at the indentation of the map's other keys (the map began at line 1)"
            ]
        ),
        ("a: - b", ["1:4 a list item cannot begin here; put it on a line of its own"]),
        ("a: \u{1B}", ["1:4 found a control character, expected text"]),
        ("a: &", ["1:5 expected a name of letters and digits after `&` or `*`"]),
        ("%YAML 3.0\n---\na", ["1:1 found a `%YAML` version that is not 1.1 or 1.2"]),
        ("a: !x!y z", ["1:4 the tag's handle is not declared with `%TAG`"]),
        ("a: \0", ["1:4 the file has a NUL byte, expected text"]),
    ])
    func `a message says where, what was found and what was expected`(
        _ text: String,
        _ expected: [String]
    ) {
        #expect(read(text).findings == expected)
    }

    @Test(
        arguments: [
            ([0x61, 0x3A, 0x20, 0xFF], "1:4 the file is not UTF-8"),
            ([0x61, 0x0A, 0xC3, 0xA9, 0xC3, 0x28], "2:2 the file is not UTF-8"),
            ([0xFF, 0xFE, 0x61, 0x00], "1:1 the file is not UTF-8; it looks like UTF-16"),
            ([0xFE, 0xFF, 0x00, 0x61], "1:1 the file is not UTF-8; it looks like UTF-16"),
        ] as [([UInt8], String)]
    )
    func `only UTF-8 is read`(_ bytes: [UInt8], _ expected: String) {
        let diagnostics = Diagnostics()
        #expect(YAMLReader.read(bytes, file: "f", diagnostics: diagnostics).isEmpty)
        #expect(diagnostics.all.map(brief) == [expected])
    }

    @Test func `all repeated keys are reported, and the first values stay`() {
        let (nodes, findings) = read("a: 1\na: 2\nb: {c: 1, c: [*x]}\n")
        #expect(findings.count == 3)
        #expect(nodes.first?.jsonValue.jsonText == #"{"a":1,"b":{"c":1}}"#)
    }

    @Test func `documents before a syntax error are kept`() {
        let (nodes, findings) = read("a: 1\n---\nb: [")
        #expect(nodes.map(\.jsonValue.jsonText) == [#"{"a":1}"#])
        #expect(findings.count == 1)
    }

    @Test func `depth is bounded`() {
        let nested = { (depth: Int) in
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(read(nested(128)).findings.isEmpty)
        #expect(
            read(nested(129)).findings == [
                "1:129 "
                    + path(128) + ": more than 128 lists and maps lie inside each other"
            ]
        )
        #expect(!read(nested(100_000)).findings.isEmpty)
    }

    @Test func `depth counts what aliases bring`() {
        let inner = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
        let outer = { (depth: Int) in
            "a: &a \(inner)\nb: " + String(repeating: "[", count: depth) + "*a"
                + String(repeating: "]", count: depth)
        }
        #expect(read(outer(27)).findings.isEmpty)
        #expect(read(outer(28)).findings.count == 1)
    }

    @Test func `aliases do not multiply without bound`() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1...9 {
            let items = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(items)]\n"
        }
        let (_, findings) = read(text)
        #expect(findings.count == 1)
        #expect(findings.first?.contains("the document has more than 1000000 values") == true)
    }

    @Test func `a file too large is refused`() {
        let diagnostics = Diagnostics()
        let bytes = [UInt8](repeating: 0x20, count: YAMLReader.bytesMax + 1)
        #expect(YAMLReader.read(bytes, file: "f", diagnostics: diagnostics).isEmpty)
        #expect(
            diagnostics.all.map(brief)
                == ["1:1 the file has 16777217 bytes, expected at most 16MiB"]
        )
    }

    @Test(arguments: 0..<8)
    func `random damage is refused or read, and nothing else`(_ seed: Int) throws {
        var bits = SplitMix64(seed: UInt64(seed) &+ 77)
        let files = try dataFiles("yaml-test-suite")
        for _ in 0..<250 {
            var bytes = files.randomElement(using: &bits)?.bytes.prefix(1500).map { $0 } ?? []
            for _ in 0...3 { damage(&bytes, &bits) }
            let diagnostics = Diagnostics()
            let nodes = YAMLReader.read(bytes, file: "f", diagnostics: diagnostics)
            for diagnostic in diagnostics.all {
                if diagnostic.position.line < 1 || diagnostic.position.column < 1 {
                    Issue.record("\(diagnostic.position)")
                }
            }
            var printer = DiagnosticPrinter()
            printer.addSource(bytes, file: "f")
            _ = printer.text(diagnostics.all)
            for node in nodes { _ = node.merging(node).jsonValue.jsonBytes }
        }
    }

    private func damage(_ bytes: inout [UInt8], _ bits: inout SplitMix64) {
        guard !bytes.isEmpty else { return }
        let telling = Array("\"'\\{}[]:,-?&*!|>%@` \n\t#a1".utf8) + [0, 0x85, 0xC3, 0xFF]
        let place = Int.random(in: 0..<bytes.count, using: &bits)
        switch bits.next() % 4 {
        case 0: bytes[place] = telling.randomElement(using: &bits) ?? 0
        case 1: bytes.insert(telling.randomElement(using: &bits) ?? 0, at: place)
        case 2: bytes.remove(at: place)
        default:
            let end = min(bytes.count, place + 30)
            bytes.insert(contentsOf: bytes[place..<end], at: place)
        }
    }

    private func path(_ depth: Int) -> String { String(repeating: "[0]", count: depth) }
}
