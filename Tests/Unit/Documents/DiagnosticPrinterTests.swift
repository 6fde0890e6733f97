import Documents
import JSONWire
import Testing

@Suite struct DiagnosticPrinterTests {
    private func printed(_ source: String, _ diagnostics: [Diagnostic]) -> String {
        var printer = DiagnosticPrinter()
        printer.addSource([UInt8](source.utf8), file: "sluice.yml")
        return printer.text(diagnostics)
    }

    private func place(_ line: Int, _ column: Int) -> SourcePosition {
        SourcePosition(file: "sluice.yml", line: line, column: column)
    }

    @Test func `a finding has its line, a caret and what was meant`() {
        let finding = Diagnostic(
            .error,
            at: place(2, 3),
            keyPath: "listener.prot",
            message: "unknown key `prot`",
            suggestion: "port"
        )
        #expect(
            printed("listener:\n  prot: 8090\n", [finding]) == """
                sluice.yml:2:3: error: listener.prot: unknown key `prot`
                  2 |   prot: 8090
                    |   ^
                    did you mean `port`?

                """
        )
    }

    @Test func `findings are in the order of their gravity and their places`() {
        let findings = [
            Diagnostic(.warning, at: place(3, 1), message: "third"),
            Diagnostic(.note, at: place(1, 9), message: "second", noteKind: .assumed),
            Diagnostic(.error, at: place(1, 2), message: "first"),
        ]
        var printer = DiagnosticPrinter()
        #expect(
            printer.text(findings) == """
                sluice.yml:1:2: error: first
                sluice.yml:3:1: warning: third
                sluice.yml:1:9: note: assumed: second

                """
        )
    }

    @Test(arguments: [
        ("a\tb: x", 5, "  1 | a\tb: x\n    |  \t  ^\n"),
        ("é: ü", 4, "  1 | é: ü\n    |    ^\n"),
        ("abc", 4, "  1 | abc\n    |    ^\n"),
        ("abc", 9, ""),
        ("a: \u{1B}[31m", 1, "  1 | a: \u{FFFD}[31m\n    | ^\n"),
        ("token: hunter2", 1, "  1 | token: …\n    | ^\n"),
        ("password: hunter2", 11, "  1 | password: …\n    |           ^\n"),
        ("{a: 1, api_key: \"hunter2\"}", 2, "  1 | {a: 1, api_key: \"…      \"}\n    |  ^\n"),
        (
            "Authorization: Bearer ${env.NOPE}x, b: 1",
            23,
            "  1 | Authorization: Bearer ${env.NOPE}…\n    |                       ^\n"
        ),
        (
            "{ token: hunter2, port: none }",
            25,
            "  1 | { token: …      , port: none }\n    |                         ^\n"
        ),
        ("token: ${env.TOKEN}", 8, "  1 | token: ${env.TOKEN}\n    |        ^\n"),
        ("url: https://me:hunter2@host/x", 1, "  1 | url: https://…………………………@host/x\n    | ^\n"),
    ])
    func `lines are quoted safely`(_ source: String, _ column: Int, _ excerpt: String) {
        let finding = Diagnostic(.error, at: place(1, column), message: "m")
        #expect(printed(source, [finding]) == "sluice.yml:1:\(column): error: m\n" + excerpt)
    }

    @Test func `of a long line the part round the caret is shown`() {
        let text = printed(
            String(repeating: "x", count: 5_000),
            [Diagnostic(.error, at: place(1, 3_000), message: "m")]
        )
        let lines = text.split(separator: "\n")
        #expect(lines.count == 3 && lines.allSatisfy { $0.count < 130 })
        #expect(lines[2].hasSuffix("^"))
    }

    @Test func `a note is one line`() {
        let finding = Diagnostic(
            .note,
            at: place(1, 1),
            message: "there is no component `a`",
            suggestion: "b",
            noteKind: .absent
        )
        #expect(
            printed("component: a\n", [finding])
                == "sluice.yml:1:1: note: absent: there is no component `a`; did you mean `b`?\n"
        )
    }

    @Test func `programs get the same as JSON`() {
        var finding = Diagnostic(
            .note,
            at: place(2, 3),
            keyPath: "a.b",
            message: "m \"q\"",
            suggestion: "c",
            noteKind: .absent
        )
        finding.what = "workflow"
        finding.name = "w"
        #expect(
            DiagnosticPrinter.json([finding]).jsonText
                == #"[{"severity":"note","kind":"absent","what":"workflow","name":"w","file":"sluice.yml","#
                + #""line":2,"column":3,"key_path":"a.b","message":"m \"q\"","suggestion":"c"}]"#
        )
    }
}
