import Testing

@Suite struct LengthRuleTests {
    private func findings(_ text: String) -> [Finding] {
        LengthRule.findings(in: SourceFile("Sources/Loops/A.swift", text))
    }

    @Test func `a file of 500 lines is fine and one of 501 is not`() {
        let line = "let a = 1\n"
        #expect(findings(String(repeating: line, count: 500)) == [])
        #expect(findings(String(repeating: line, count: 501)).count == 1)
    }

    @Test func `a function of 60 lines is fine and one of 61 is not`() {
        let body = { count in
            "func f(\n    a: Int\n) {\n" + String(repeating: "    g()\n", count: count - 4) + "}\n"
        }
        #expect(findings(body(60)) == [])
        #expect(findings(body(61)).map(\.what) == ["61 lines long"])
    }

    @Test func `a brace in a string or a comment ends nothing`() {
        let text = "func f() {\n    let a = \"}\"  // }\n    g()\n}\n"
        #expect(FunctionSpan.all(in: SwiftText(text)) == [FunctionSpan(start: 0, lines: 4)])
    }

    @Test func `a requirement without a body has no length, and a default argument is no body`() {
        let text = """
            protocol P {
                func a()
                func b(_ c: () -> Void)
                init(d: Int)
            }
            func e(_ run: () -> Void = {}) {
                run()
            }
            """
        #expect(FunctionSpan.all(in: SwiftText(text)) == [FunctionSpan(start: 5, lines: 3)])
    }

    @Test func `long code is found; a long string and a comment of 130 columns are fine`() {
        let word = String(repeating: "a", count: 96)
        #expect(findings("let \(word) = 1").count == 1)
        #expect(findings("let text = \"\(word)\"") == [])
        #expect(findings("// \(word) \(word)").count == 1)
        #expect(findings("// \(word) aaaa aaaa aaaa") == [])
    }
}
