import Documents
import Expressions
import JSONWire
import Testing

@Suite struct RefusalTests {
    static let jobSources =
        "`context`, `input`, `gateway`, `env`, `secret`, `jobs`, `output`, `error`, `index`"

    static let rows: [Row] = [
        Row("${bdy.x}", "12 there is no source `bdy`; here are ALL [body]"),
        Row("a ${inptu.x}", "14 there is no source `inptu`; here are ALL [input]"),
        Row("${foo}", "12 there is no source `foo`; here are ALL"),
        Row("${env}", "12 `env` is followed by the name of one variable: `env.NAME`"),
        Row("${env.A.B}", "12 `env` is followed by the name of one variable: `env.NAME`"),
        Row(
            "${input.x",
            "10 this `${` has no closing `}`; write `\\${` for the characters themselves"
        ),
        Row("é ${", "12 this `${` has no closing `}`; write `\\${` for the characters themselves"),
        Row(
            "${input.x | a",
            "10 this `${` has no closing `}`; write `\\${` for the characters themselves"
        ),
        Row(
            "${input.x @(description",
            "10 this `${` has no closing `}`; write `\\${` for the characters themselves"
        ),
        Row(
            "${(input.x",
            "10 this `${` has no closing `}`; write `\\${` for the characters themselves"
        ),
        Row("${\"abc}", "12 this text has no closing quote"),
        Row("${}", "12 there is no value here"),
        Row("${ }", "13 there is no value here"),
        Row("${input.x y}", "20 unexpected `y` after the expression"),
        Row(
            "${input.x ? 1 : 2}",
            "20 unexpected `?` after the expression: there is no `a ? b : c`; a map with the key `\"?\"` chooses between values"
        ),
        Row("${input.x && true}", "20 unexpected `&&` after the expression [and]"),
        Row("${input.x = 1}", "20 unexpected `=` after the expression [==]"),
        Row(
            "${input.x || 1}",
            "20 there is nothing between two `|`: a default is `a | b`, of two booleans `a or b`"
        ),
        Row("${!input.x}", "12 expected a value, found `!input.x` [not]"),
        Row(
            "${input.x not in input.y}",
            "20 unexpected `not` after the expression: `not in` is written `not (a in b)`"
        ),
        Row("${input.x -1}", "20 `-` between two values has a space on both sides: `a - b`"),
        Row("${input.x /2}", "20 `/` between two values has a space on both sides: `a / b`"),
        Row("${input.x/2}", "19 `/` between two values has a space on both sides: `a / b`"),
        Row("${5-3}", "12 `5-3` is not a number"),
        Row("${1024x}", "12 `1024x` is not a number"),
        Row("${01}", "12 `01` is not a number"),
        Row("${1.}", "12 `1.` is not a number"),
        Row("${.5}", "12 expected a value, found `.5`"),
        Row("${input.}", "17 `.` is followed by a name; other names are written `[\"any name\"]`"),
        Row(
            "${input.\"x\"}",
            "17 `.` is followed by a name; other names are written `[\"any name\"]`"
        ),
        Row("${input[}", "17 brackets hold `0`, `-1`, `1:3`, `*`, `\"any name\"` or an expression"),
        Row(
            "${input[x]}",
            "17 brackets hold `0`, `-1`, `1:3`, `*`, `\"any name\"` or an expression [[\"x\"]]"
        ),
        Row(
            "${input[1:2:3]}",
            "17 brackets hold `0`, `-1`, `1:3`, `*`, `\"any name\"` or an expression"
        ),
        Row("${input[99999999999999999999]}", "18 this is not an index"),
        Row("${input[-]}", "18 this is not an index"),
        Row("${input:5}", "17 only `gateway` takes a port behind `:`"),
        Row("${gateway:x.port}", "19 `gateway:` is followed by a port from 1 to 65535"),
        Row("${gateway:70000.port}", "19 `gateway:` is followed by a port from 1 to 65535"),
        Row(
            "${gateway:99999999999999999999.port}",
            "19 `gateway:` is followed by a port from 1 to 65535"
        ),
        Row("${input.a as}", "22 `as` is followed by a type"),
        Row("${input.a as 5}", "23 `as` is followed by a type"),
        Row("${input.a as interger}", "23 `interger` is not a type [integer]"),
        Row("${input.a as strnig}", "23 `strnig` is not a type [string]"),
        Row("${input.a as integer[x]}", "23 behind a type stands `[]` or nothing"),
        Row("${input.a as object/a,,b}", "23 a projection is written `object/name,path.to.name`"),
        Row("${input.a < 1 < 2}", "24 comparisons do not chain: join two of them with `and`"),
        Row("${(input.a}", "12 this `(` has no closing `)`"),
        Row("${and}", "12 expected a value, found the operator `and`"),
        Row("${1 + or}", "16 expected a value, found the operator `or`"),
        Row(
            "${[1]}",
            "12 expressions have no list and map literals: write the list or map in YAML"
        ),
        Row("${hello | 1}", "12 there is no source `hello`; here are ALL"),
        Row("${input.a | hello | 1}", "22 there is no source `hello`; here are ALL"),
        Row(
            "${input.a | inptu.x[0]}",
            "22 `inptu` is not a source; as text, write it in quotes [input]"
        ),
        Row("${input.a | \"x\" y}", "26 unexpected `y` after the expression"),
        Row("${input.a | ${bdy.x}}", "24 there is no source `bdy`; here are ALL [body]"),
        Row("${input.a | x ${bdy.x} y}", "26 there is no source `bdy`; here are ALL [body]"),
        Row(
            "${input.a | input b}",
            "28 unexpected `b` after the expression; text that begins with the name of a source is written in quotes"
        ),
        Row("${env.NOPE}", "10 the environment variable `NOPE` is not set and has no default"),
        Row(
            "Bearer ${env.NOPE}",
            "17 the environment variable `NOPE` is not set and has no default"
        ),
        Row(
            "${env.PATH-X as integer | }",
            "36 cannot cast `as integer`: the text is not an integer"
        ),
        Row("${1 / 0}", "14 `/` divides by zero"),
        Row("${\"\\x\"}", "13 there is no escape like this; a backslash itself is `\\\\`"),
        Row("${\"\\u12\"}", "13 `\\u` is followed by four hexadecimal digits"),
        Row("${\"\\ud800\"}", "13 half a surrogate pair is not a character"),
        Row("${input.a @()}", "20 an annotation begins with a word: `@(description …)`"),
        Row("é😀${bdy}", "14 there is no source `bdy`; here are ALL [body]"),
        Row(
            "${bdy} ${qery}",
            "12 there is no source `bdy`; here are ALL [body]\n19 there is no source `qery`; here are ALL [query]"
        ),
        Row(
            "${env.NOPE} ${env.NIX}",
            "10 the environment variable `NOPE` is not set and has no default\n22 the environment variable `NIX` is not set and has no default"
        ),
    ]

    @Test(arguments: rows)
    func `what is wrong is told at load with its place`(_ row: Row) {
        let fixture = ExpressionFixture()
        #expect(fixture.compile(row.written) == nil)
        let all = Source.allCases.map { "`\($0.name)`" }.joined(separator: ", ")
        #expect(fixture.findings == row.expected.replacing("ALL", with: all))
        #expect(
            fixture.diagnostics.all.allSatisfy { $0.severity == .error && $0.keyPath == "the.key" }
        )
    }

    @Test(arguments: [
        (SourceSet.listener, "${jobs.x}"), (.listener, "${input.x}"),
        (.listener, "${gateway:1.port}"),
        (.component, "${body.x}"), (.component, "${jobs.x}"), (.component, "${item}"),
        (.job, "${body}"), (.job, "${response}"), (.workflowOutput, "${item}"),
        (.atLoad, "${input}"),
    ])
    func `a source is refused where it is not`(_ sources: SourceSet, _ text: String) throws {
        var fixture = ExpressionFixture()
        fixture.context.sources = sources
        #expect(fixture.compile(text) == nil)
        let finding = try #require(fixture.diagnostics.all.first)
        #expect(finding.message.contains("is not available here; here are"))
        #expect(finding.position.column == 12)
    }

    @Test(arguments: [
        (
            SourceSet.listener,
            [
                "body", "item", "query", "header", "path", "method", "client", "request",
                "context", "env",
            ]
        ),
        (.component, ["input", "response", "result", "context", "gateway", "env"]),
        (.job, ["input", "jobs", "output", "error", "item", "index", "context", "gateway", "env"]),
        (.workflowOutput, ["input", "jobs", "output", "context", "gateway", "env"]),
    ])
    func `every place has its sources`(_ sources: SourceSet, _ names: [String]) {
        #expect(Set(sources.sources.map(\.name)) == Set(names + ["secret"]))
    }

    @Test(arguments: [
        ("${bdy.x}", 3), ("${input.a as interger}", 8), ("${input.a", 2), ("${input[x]}", 3),
        ("${input.a ünexpected | 1}", 10),
    ])
    func `the caret is as long as what is wrong`(_ text: String, _ length: Int) {
        let fixture = ExpressionFixture()
        #expect(fixture.compile(text) == nil)
        #expect(fixture.diagnostics.all.map(\.length) == [length])
    }

    @Test func `everything wrong in a map is told`() {
        let fixture = ExpressionFixture()
        #expect(
            fixture.compile(json: #"{"a":"${x}","b":["${y}",{"c":"${z}"}],"d":"${input}"}"#) == nil
        )
        #expect(
            fixture.diagnostics.all.map(\.keyPath) == [
                "the.key.a", "the.key.b[0]", "the.key.b[1].c",
            ]
        )
    }

    @Test func `a variable that is not set is one note in a fragment`() throws {
        var fixture = ExpressionFixture()
        fixture.context.unsetEnvironmentIsNote = true
        let template = try #require(fixture.compile("x${env.NOPE}"))
        _ = fixture.compile("${env.NOPE as integer}")
        #expect(template.constant == .string("x"))
        let notes = fixture.diagnostics.all
        #expect(notes.map(\.noteKind) == [.absent])
        #expect(notes.first?.position.column == 11)
        #expect(
            notes.first?.message == "the environment variable `NOPE` is not set and has no default"
        )
    }

    @Test func `text of several lines is placed where it begins`() {
        let fixture = ExpressionFixture()
        var node = fixture.node("a\n${bdy}")
        node.textStartsAtColumn = nil
        #expect(
            Template.compile(node, context: fixture.context, diagnostics: fixture.diagnostics)
                == nil
        )
        #expect(fixture.diagnostics.all.map(\.position) == [node.position])
    }

    @Test(arguments: [
        ("(", ")"), ("-", ""), ("not ", ""), ("${", "}"), ("input.a | ${", "}"),
        ("input.a | x ${", "}"),
    ])
    func `nesting has a bound`(_ opening: String, _ closing: String) throws {
        for (count, isTaken) in [(30, true), (63, true), (65, false), (20_000, false)] {
            let fixture = ExpressionFixture()
            let text =
                "${" + String(repeating: opening, count: count) + "input.a"
                + String(repeating: closing, count: count) + "}"
            let template = fixture.compile(text)
            let isShort = text.utf8.count < 65_536
            #expect((template != nil) == isTaken)
            if !isTaken, isShort { #expect(fixture.findings.contains("nest at most 64 deep")) }
        }
    }

    @Test(arguments: [" + ", " | ", " and ", " or ", " * ", " as json as "])
    func `length has a bound, and a long chain costs no depth`(_ link: String) throws {
        let operand = link == " as json as " ? "json" : "input.n"
        let chain = Array(repeating: operand, count: 3000).joined(separator: link)
        let text = link == " as json as " ? "${input.n as \(chain)}" : "${\(chain)}"
        let fixture = ExpressionFixture()
        let template = fixture.compile(text)
        if link == " as json as " {
            #expect(template?.references.isEmpty == nil)
        } else {
            #expect(template?.references.isEmpty == false)
            _ = fixture.outcome(of: template)
        }
        let long = "${" + Array(repeating: "input.n", count: 10_000).joined(separator: link) + "}"
        #expect(fixture.compile(long) == nil)
        #expect(fixture.diagnostics.hasErrors)
    }

    @Test func `configurations nest to a bound`() {
        let fixture = ExpressionFixture()
        var node = fixture.node("${input.n}")
        for _ in 0..<127 { node = Node(.list([node]), at: node.position) }
        #expect(
            Template.compile(node, context: fixture.context, diagnostics: fixture.diagnostics)
                != nil
        )
        for _ in 0..<2 { node = Node(.list([node]), at: node.position) }
        #expect(
            Template.compile(node, context: fixture.context, diagnostics: fixture.diagnostics)
                == nil
        )
        #expect(fixture.findings.contains("nest at most 128 deep"))
    }
}
