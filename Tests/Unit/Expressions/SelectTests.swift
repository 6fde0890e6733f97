import Documents
import Expressions
import JSONWire
import Testing

@Suite struct SelectTests {
    /// Every path of the table of ``TemplateTests`` into the input.
    static let paths = TemplateTests.paths.filter {
        $0.written.contains("${input.") || $0.written.contains("${ input.")
    }

    @Test(arguments: paths)
    func `an element of a body follows paths as a value does`(_ row: Row) throws {
        let template = try #require(ExpressionFixture().compile(row.written))
        let steps = try #require(template.plainReference).steps
        let bytes = try #require(TestScope.sample.values[.input]).jsonBytes
        let found = JSONScanner().read(bytes.span) { result -> [String] in
            guard case .success(let document) = result else { return ["no JSON"] }
            let isPlain = steps.allSatisfy { step in
                if case .slice = step { return false }
                return step != .all
            }
            let selected = document.root.select(steps).jsonText
            let descended = document.root.descend(steps)?.value().jsonText ?? "null"
            return [selected, isPlain ? descended : selected]
        }
        #expect(found == [row.expected, row.expected])
    }

    @Test(arguments: [
        Row(#"${input["a b"].c[0][-1][1:][:2][*].d}"#, #"input["a b"].c[0][-1][1:][:2][*].d"#),
        Row("${gateway:8090.public_url}", "gateway:8090.public_url"),
        Row(#"${input["q\"\\"]}"#, #"input["q\"\\"]"#),
    ])
    func `a reference is written as it is read`(_ row: Row) throws {
        #expect(
            try #require(ExpressionFixture().compile(row.written)?.plainReference).text
                == row.expected
        )
    }
}
