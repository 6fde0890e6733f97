import Documents
import Expressions
import JSONWire
import Testing

@Suite struct ConditionTests {
    static let rows: [Row] = [
        Row(#"{"input":"${input.n}","value":7}"#, "true"),
        Row(#"{"input":"${input.n}","operator":"eq","value":7.0}"#, "true"),
        Row(#"{"input":"${input.n}","operator":"eq","value":"7"}"#, "false"),
        Row(#"{"input":"${input.n}","operator":"neq","value":"7"}"#, "true"),
        Row(#"{"input":"${input.n}","operator":"gt","value":6.5}"#, "true"),
        Row(#"{"input":"${input.n}","operator":"gte","value":7}"#, "true"),
        Row(#"{"input":"${input.n}","operator":"lt","value":7}"#, "false"),
        Row(#"{"input":"${input.n}","operator":"lte","value":"${input.n}"}"#, "true"),
        Row(#"{"input":"${input.nil}","operator":"lt","value":7}"#, "false"),
        Row(#"{"input":"${input.nil}","operator":"gte","value":7}"#, "false"),
        Row(#"{"input":"${input.nil}"}"#, "true"),
        Row(
            #"{"input":"${input.text}","operator":"lt","value":7}"#,
            "error: 10 `lt` cannot order text and an integer: cast the text `as number`"
        ),
        Row(#"{"input":2,"operator":"in","value":[1,2]}"#, "true"),
        Row(#"{"input":2,"operator":"in","value":"${input.list}"}"#, "true"),
        Row(#"{"input":9,"operator":"not-in","value":"${input.list}"}"#, "true"),
        Row(#"{"input":"ell","operator":"in","value":"${input.text}"}"#, "true"),
        Row(#"{"input":"a","operator":"in","value":"${input.map}"}"#, "true"),
        Row(#"{"input":"${input.text}","operator":"match","value":"h.l+"}"#, "true"),
        Row(#"{"input":"${input.text}","operator":"match","value":"ello"}"#, "false"),
        Row(#"{"input":"${input.text}","operator":"match","value":".*ello$"}"#, "true"),
        Row(#"{"input":"é","operator":"match","value":"^\\w$"}"#, "true"),
        Row(#"{"input":"hello","operator":"match","value":"${input.text}"}"#, "true"),
        Row(
            #"{"input":"(x)","operator":"match","value":"${input.order}("}"#,
            "error: 10 `match`: the pattern is wrong at character 15: missing closing parenthesis"
        ),
        Row(#"{"input":"${input.nil}","operator":"match","value":"x"}"#, "false"),
        Row(
            #"{"input":5,"operator":"match","value":"5"}"#,
            "error: 10 `match` takes texts, not an integer; cast it `as text`"
        ),
        Row(#"{"input":"${input.order}","operator":"starts-with","value":"order."}"#, "true"),
        Row(#"{"input":"${input.order}","operator":"starts-with","value":"created"}"#, "false"),
        Row(#"{"input":"${input.order}","operator":"ends-with","value":"created"}"#, "true"),
        Row(#"{"input":"${input.order}","operator":"ends-with","value":"order"}"#, "false"),
        Row(
            #"{"input":5,"operator":"ends-with","value":"5"}"#,
            "error: 10 `ends-with` takes texts, not an integer; cast it `as text`"
        ),
        Row(#"{"all":[]}"#, "true"), Row(#"{"any":[]}"#, "false"),
        Row(#"{"not":{"any":[]}}"#, "true"),
        Row(
            #"{"all":[{"input":1,"value":1},{"any":[{"input":1,"value":2},{"input":3,"value":3}]}]}"#,
            "true"
        ),
        Row(
            #"{"all":[{"input":1,"value":2},{"input":"${input.text}","operator":"lt","value":1}]}"#,
            "false"
        ),
        Row(#""${input.yes}""#, "true"), Row(#""${input.nil}""#, "false"), Row("true", "true"),
        Row(
            #""${input.text}""#,
            "error: 10 `condition` takes booleans, not text; compare it with something, or cast it `as boolean`"
        ),
        Row(#"{"input":1,"operator":"equals","value":1}"#, "refused: LIST"),
        Row(
            #"{"input":1,"operator":"match","value":"("}"#,
            "refused: 10 the pattern is wrong at character 2: missing closing parenthesis"
        ),
        Row(
            #"{"input":1,"operator":"match","value":5}"#,
            "refused: 10 `match` takes a pattern, not an integer"
        ),
        Row(#"{"all":{"input":1}}"#, "refused: 10 `all` takes a list of conditions, not a map"),
        Row(#"{"all":[],"input":1}"#, "refused: 10 `all` stands alone in a condition"),
        Row(#"{"value":1}"#, "refused: 10 the condition has no `input`"),
        Row(#"{"input":1,"valeu":1}"#, "refused: 10 unknown key `valeu` in a condition [value]"),
        Row(#"{"input":"${bdy}","value":"${qery}"}"#, "refused: TWO"),
        Row(
            "5",
            "refused: 10 a condition is a map with `input`, `operator` and `value`, or an expression that yields a boolean, not an integer"
        ),
    ]

    @Test(arguments: rows)
    func `a condition holds, does not, or says why it cannot tell`(_ row: Row) {
        let fixture = ExpressionFixture()
        let condition = Condition.compile(
            fixture.node(json(row.written)),
            context: fixture.context,
            diagnostics: fixture.diagnostics
        )
        switch row.expected {
        case "refused: LIST":
            #expect(condition == nil)
            #expect(fixture.findings.contains("`equals` is not an operator; there are `eq`, `neq`"))
        case "refused: TWO":
            #expect(condition == nil)
            #expect(fixture.diagnostics.all.count == 2)
        default: #expect(outcome(condition, fixture) == row.expected)
        }
    }

    private func outcome(_ condition: Condition?, _ fixture: ExpressionFixture) -> String {
        guard let condition else { return "refused: \(fixture.findings)" }
        do {
            return try condition.holds(TestScope.sample) ? "true" : "false"
        } catch {
            return "error: \(error.position.column) \(error.message)"
        }
    }

    @Test func `an operand may come from outside`() throws {
        let fixture = ExpressionFixture()
        let condition = try #require(
            Condition.compile(
                fixture.node(json(#"{"operator":"gte","value":5,"if_true":"a"}"#)),
                context: fixture.context,
                diagnostics: fixture.diagnostics,
                input: fixture.compile("${input.n}"),
                besides: ["if_true"]
            )
        )
        #expect(try condition.holds(TestScope.sample))
        #expect(condition.references.map(\.text) == ["input.n"])
    }

    @Test func `a pattern that explodes is given up`() throws {
        let fixture = ExpressionFixture()
        let subject = String(repeating: "a", count: 40) + "!"
        let condition = try #require(
            Condition.compile(
                fixture.node(json(#"{"input":"\#(subject)","operator":"match","value":"(a+)+$"}"#)),
                context: fixture.context,
                diagnostics: fixture.diagnostics
            )
        )
        let error = #expect(throws: EvaluationError.self) {
            try condition.holds(TestScope.sample)
        }
        #expect(error?.message == "`match`: the pattern takes too many steps on this text")
    }

    @Test func `a pattern has a longest length`() {
        let fixture = ExpressionFixture()
        let pattern = String(repeating: "a", count: 4097)
        #expect(
            Condition.compile(
                fixture.node(json(#"{"input":"a","operator":"match","value":"\#(pattern)"}"#)),
                context: fixture.context,
                diagnostics: fixture.diagnostics
            ) == nil
        )
        #expect(fixture.findings == "10 a pattern may have 4096 bytes")
    }
}
