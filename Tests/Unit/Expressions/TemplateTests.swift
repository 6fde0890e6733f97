import Documents
import Expressions
import JSONWire
import Testing

@Suite struct TemplateTests {
    static let paths: [Row] = [
        Row("${input.n}", "7"),
        Row("${ input.n }", "7"),
        Row("${input.text}", #""hello""#),
        Row("${input.list}", "[1,2,3]"),
        Row("${input.list[0]}", "1"),
        Row("${input.list[-1]}", "3"),
        Row("${input.list[3]}", "null"),
        Row("${input.list[-4]}", "null"),
        Row("${input.list[9223372036854775807]}", "null"),
        Row("${input.list[-9223372036854775808]}", "null"),
        Row("${input.list[1:]}", "[2,3]"),
        Row("${input.list[:2]}", "[1,2]"),
        Row("${input.list[:]}", "[1,2,3]"),
        Row("${input.list[1:2]}", "[2]"),
        Row("${input.list[-2:]}", "[2,3]"),
        Row("${input.list[:-1]}", "[1,2]"),
        Row("${input.list[2:1]}", "[]"),
        Row("${input.list[-99:99]}", "[1,2,3]"),
        Row("${input.list[ 1 : 2 ]}", "[2]"),
        Row("${input.list[*]}", "[1,2,3]"),
        Row("${input.items[*].id}", "[1,2,3]"),
        Row("${input.items[*].u.e}", #"["a","b",null]"#),
        Row("${input.items[1:][*].id}", "[2,3]"),
        Row("${input.nested[*][0]}", "[1,3]"),
        Row("${input.nested[*][*]}", "[[1,2],[3]]"),
        Row("${input.items[0].u.e}", #""a""#),
        Row("${input.text[*]}", "null"),
        Row("${input.text[0]}", "null"),
        Row("${input.text[0:1]}", "null"),
        Row("${input.n.x}", "null"),
        Row("${input.map.a-b}", "2"),
        Row(#"${input.map["x y"]}"#, "3"),
        Row("${input.map['x y']}", "3"),
        Row(#"${input.map["}"]}"#, "5"),
        Row(#"${input.map["a.b"]}"#, "6"),
        Row("${input.map.é}", "4"),
        Row(#"${input.map["\u00e9"]}"#, "4"),
        Row("${input.missing.deeper.still[4]}", "null"),
        Row("${jobs.process-message.output.result}", #""greeting""#),
        Row("${header.X-Signature}", #""sha256=abc""#),
        Row("${gateway:8090.public_url}", #""https://hooks.example.com""#),
        Row("${gateway:8090.port}", "8090"),
        Row("${gateway:9999.port}", "null"),
        Row("${index}", "3"),
        Row("${item.id}", "5"),
        Row("${input.in}", "null"),
        Row("${input.as}", "null"),
        Row("${input.not.and.or}", "null"),
    ]

    static let literals: [Row] = [
        Row("${10}", "10"),
        Row("${-10}", "-10"),
        Row("${0}", "0"),
        Row("${1.50}", "1.50"),
        Row("${1e2}", "1e2"),
        Row("${1E+2}", "1E+2"),
        Row("${1e-2}", "1e-2"),
        Row("${-9223372036854775808}", "-9223372036854775808"),
        Row("${9223372036854775808}", "9223372036854775808"),
        Row("${true}", "true"),
        Row("${false}", "false"),
        Row("${null}", "null"),
        Row(#"${"a\"b\\c\n\u0041\ud83d\ude00"}"#, #""a\"b\\c\nA😀""#),
        Row(#"${'it\'s'}"#, #""it's""#),
        Row(#"${"}"}"#, #""}""#),
        Row(#"${"${"}"#, #""${""#),
        Row("${(10)}", "10"),
        Row("${${10}}", "10"),
    ]

    static let text: [Row] = [
        Row("plain", #""plain""#),
        Row("", #""""#),
        Row(" ${input.n}", #"" 7""#),
        Row("${input.n} ", #""7 ""#),
        Row("a ${input.text} b ${input.n} c", #""a hello b 7 c""#),
        Row("${input.n}${input.n}", #""77""#),
        Row("${input.n}-${input.n}", #""7-7""#),
        Row("${input}${input.nil}".replacingInput, #""{\"ok\":true}""#),
        Row("x${input.nil}y", #""xy""#),
        Row("x${input.missing}y", #""xy""#),
        Row("x${input.yes}y", #""xtruey""#),
        Row("x${input.f}y${input.exact}", #""x1.5y1.50""#),
        Row("x${input.huge}", #""x123456789012345678901234567890""#),
        Row("x${input.list}y", #""x[1,2,3]y""#),
        Row(#"\${input.n}"#, #""${input.n}""#),
        Row(#"a \${x} ${input.n}"#, #""a ${x} 7""#),
        Row(#"\\${input.n}"#, #""\\${input.n}""#),
        Row(#"a\b"#, #""a\\b""#),
        Row("$${input.n}", #""$7""#),
        Row("$5 and {x} } $", #""$5 and {x} } $""#),
        Row("héllo ${input.n} 😀", #""héllo 7 😀""#),
        Row("Bearer ${env.TOKEN}", #""Bearer s3cret""#),
        Row(
            "Processing complete: ${jobs.process-message.output.result}",
            #""Processing complete: greeting""#
        ),
        Row("{{ .n }}", #""{{ .n }}""#),
    ]

    @Test(arguments: paths + literals + text)
    func `a string yields its value`(_ row: Row) {
        let fixture = ExpressionFixture()
        #expect(fixture.outcome(of: fixture.compile(row.written)) == row.expected)
        #expect(fixture.diagnostics.all.isEmpty)
    }

    @Test(arguments: [
        Row(
            #"{"a":"${input.n}","b":{"c":["${input.text}",1,null,true,1.50]}}"#,
            #"{"a":7,"b":{"c":["hello",1,null,true,1.50]}}"#
        ),
        Row(#"{"${input.n}":1}"#, #"{"${input.n}":1}"#),
        Row("[]", "[]"),
        Row("{}", "{}"),
        Row("12", "12"),
    ])
    func `lists and maps are rendered through and through, keys are not`(_ row: Row) {
        let fixture = ExpressionFixture()
        #expect(fixture.outcome(of: fixture.compile(json: row.written)) == row.expected)
    }

    @Test func `a plain path is a plain reference`() throws {
        let fixture = ExpressionFixture()
        let template = try #require(fixture.compile("${body.task_id}"))
        let reference = try #require(template.plainReference)
        #expect(reference.source == .body)
        #expect(reference.steps == [.member(JSONName("task_id"))])
        #expect(reference.position.column == 12)
        #expect(template.references == [reference])
        #expect(template.constant == nil)
    }

    @Test(arguments: [
        "x${body.a}", "${body.a} ", "${body.a | 1}", "${body.a as text}", "${body.a + 1}",
        "${-body.a}", "${not body.a}", "a", "${1}",
    ])
    func `anything else is none`(_ text: String) throws {
        let template = try #require(ExpressionFixture().compile(text))
        #expect(template.plainReference == nil)
    }

    @Test(arguments: [
        Row("a", #""a""#), Row("${1 + 2}", "3"), Row("x${env.TOKEN}", #""xs3cret""#),
        Row("${env.PORT as integer | 22}", "2222"), Row("${env.NOPE as integer | 22}", "22"),
        Row("${env.NOPE as integer | \"23\"}", "23"), Row("${env.EMPTY | x}", #""""#),
        Row("${env.NOPE | }", #""""#), Row("${env.NOPE | ~/.ssh/id_rsa}", #""~/.ssh/id_rsa""#),
        Row("${env.NOPE | ${env.TOKEN}}", #""s3cret""#),
        Row("${env.NOPE | pre ${env.TOKEN} post}", #""pre s3cret post""#),
        Row("${env.TOKEN | input.n}", #""s3cret""#),
        Row("${null | 5}", "5"), Row("${secret.TOKEN}", #""s3cret""#),
        Row(#"${env["TOKEN"]}"#, #""s3cret""#),
    ])
    func `what needs no scope is known at load`(_ row: Row) throws {
        let fixture = ExpressionFixture()
        let template = try #require(fixture.compile(row.written))
        #expect(template.constant?.jsonText == row.expected)
        #expect(template.references.isEmpty)
    }

    @Test func `every reference is told, nested ones too`() throws {
        let fixture = ExpressionFixture()
        let template = try #require(
            fixture.compile(
                json: #"{"a":["${input.a + jobs.x.output}"],"b":"${input.b | ${response.c} d}","#
                    + #""?":{"input":"${input.q}","value":"${input.r}","if_true":{"s":"${input.s}"}}}"#
            )
        )
        #expect(
            template.references.map(\.text) == [
                "input.a", "jobs.x.output", "input.b", "response.c", "input.s", "input.q",
                "input.r",
            ]
        )
    }

    @Test func `a constant is itself`() throws {
        let template = Template.constant(.string("${x}"))
        #expect(template.constant == .string("${x}"))
        #expect(try template.evaluate(TestScope.sample) == .string("${x}"))
    }

    @Test(arguments: [
        Row("{{ .input.n }}", "7"), Row("{{.input.n}}", "7"), Row("{{ .input }}", "IN"),
        Row(
            "Validate order {{ .input.n }} for {{ .input.text }}",
            #""Validate order 7 for hello""#
        ),
        Row("{{ .input.list[0] }}", "1"), Row("{{ .error.message }}", #""boom""#),
        Row("${input.n}{{ .input.n }}", #""77""#), Row(#"\{{ x }}"#, #""{{ x }}""#),
        Row("{{ .inptu.n }}", "refused"), Row("{{ input.n }}", "refused"),
        Row("{{ if .input.n }}x{{ end }}", "refused"), Row("{{ .input.n", "refused"),
        Row("{{ .input.n | upper }}", "refused"), Row("{{ . }}", "refused"),
        Row("{{ .env.TOKEN }}", "refused"),
    ])
    func `Go templates are paths`(_ row: Row) throws {
        var fixture = ExpressionFixture()
        fixture.context.syntax.acceptsGoTemplates = true
        let template = fixture.compile(row.written)
        if row.expected == "refused" {
            #expect(template == nil)
            #expect(fixture.diagnostics.hasErrors)
        } else if row.expected == "IN" {
            #expect(try template?.evaluate(TestScope.sample) == TestScope.sample.values[.input])
        } else {
            #expect(fixture.outcome(of: template) == row.expected)
        }
    }
}

extension String {
    /// The text with a small source for the large one.
    fileprivate var replacingInput: String {
        replacing("${input}", with: "${response}")
    }
}
