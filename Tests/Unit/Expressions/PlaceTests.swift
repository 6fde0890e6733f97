import Documents
import Expressions
import JSONWire
import Testing

/// Places from real files: what the reader of YAML says about a text, and what the compiler makes of it.
@Suite struct PlaceTests {
    @Test(arguments: [
        ("a: Bearer ${env.NOPE}\n", 1, 11),
        ("a:\n  b: ${env.NOPE}\n", 2, 6),
        ("a: \"x ${env.NOPE}\"\n", 1, 7),
        ("a: 'x ${bdy.y}'\n", 1, 9),
        ("- é ${bdy.y}\n", 1, 7),
        ("- é: [1, \"${input.n + bdy}\"]\n", 1, 23),
        ("a: |\n  text\n  ${bdy.y}\n", 1, 4),
    ])
    func `an error stands where it is written`(_ text: String, _ line: Int, _ column: Int) throws {
        let fixture = ExpressionFixture()
        let nodes = YAMLReader.read(
            [UInt8](text.utf8),
            file: "s.yml",
            diagnostics: fixture.diagnostics
        )
        let node = try #require(nodes.first)
        #expect(
            Template.compile(node, context: fixture.context, diagnostics: fixture.diagnostics)
                == nil
        )
        let finding = try #require(fixture.diagnostics.all.first)
        #expect(finding.position == SourcePosition(file: "s.yml", line: line, column: column))
    }

    @Test func `the caret points at what is wrong and is as long`() throws {
        let text = "result:\n  url: ${bdy.output.url}\n"
        let fixture = ExpressionFixture()
        let nodes = YAMLReader.read(
            [UInt8](text.utf8),
            file: "s.yml",
            diagnostics: fixture.diagnostics
        )
        _ = Template.compile(
            try #require(nodes.first),
            context: fixture.context,
            diagnostics: fixture.diagnostics
        )
        var printer = DiagnosticPrinter()
        printer.addSource([UInt8](text.utf8), file: "s.yml")
        let printed = printer.text(fixture.diagnostics.all)
        #expect(printed.contains("s.yml:2:10: error: the.key.result.url: there is no source `bdy`"))
        #expect(printed.contains("  2 |   url: ${bdy.output.url}\n    |          ^~~\n"))
        #expect(printed.contains("did you mean `body`?"))
    }
}
