import Expressions
import Testing

@Suite struct ConstantTextTests {
    @Test(arguments: [
        ("body.task_id", "${body.task_id}"), ("{{ body.id }}", "${body.id}"),
        ("{{ .body.id }}", "${body.id}"), ("$body.id", "${body.id}"), ("$.id", "${body.id}"),
        ("$(body.id)", "${body.id}"), ("#{body.id}", "${body.id}"), ("{body.id}", "${body.id}"),
        ("<%= query.id %>", "${query.id}"), ("job_id", "${body.job_id}"),
        ("result.data", "${body.result.data}"), ("body", "${body}"),
        ("body.items[0].id", "${body.items[0].id}"), ("status", "${body.status}"),
    ])
    func `a text that was meant as an expression is told as one that can be read`(
        _ text: String,
        _ expected: String
    ) {
        #expect(ConstantText.expression(for: text, .listener, memberOf: .body) == expected)
        let fixture = ExpressionFixture()
        #expect(fixture.compile(expected)?.references.isEmpty == false)
    }

    @Test(arguments: ["", "two words", "{{}}", "a..b", "5", "a/b", "körper ok", "a[b", "body id"])
    func `anything else is no expression`(_ text: String) {
        #expect(ConstantText.expression(for: text, .listener, memberOf: .body) == nil)
    }

    @Test func `a bare word is left alone where nothing has it as a member`() {
        #expect(ConstantText.expression(for: "__callback__", .answer, memberOf: nil) == nil)
        #expect(
            ConstantText.expression(for: "response.id", .answer, memberOf: nil) == "${response.id}"
        )
    }
}
