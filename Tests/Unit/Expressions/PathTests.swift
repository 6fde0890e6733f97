import Documents
import Expressions
import JSONWire
import Testing

@Suite struct PathTests {
    static let rows: [Row] = [
        Row("${(input.json as json).a}", "[1,null]"),
        Row("${(input.json as json).a[0]}", "1"),
        Row("${(input.json as json)[\"a\"][0]}", "1"),
        Row("${(input.json as json).a[1:]}", "[null]"),
        Row("${(input.json as json).a[*]}", "[1,null]"),
        Row("${(input.json as json).a[]}", "[1,null]"),
        Row("${ ( input.json as json ).a[0] + 1 }", "2"),
        Row("${(input.json as json).b.c}", "null"),
        Row("${(input.nil as json).a}", "null"),
        Row("${(input.nil as json).a | 5}", "5"),
        Row("${((input.json as json).a[0]) as text}", #""1""#),
        Row("${(input.text as json).a}", "error: 27 cannot cast `as json`: JSON"),
        Row("${(input.missing | input.map).a}", "1"),
        Row("${(input.map).a-b}", "2"),
        Row("${(input.items[*])[0].id}", "1"),
        Row("${(input.items[*].id)[-1]}", "3"),
        Row("${(input.items[*]).id}", "null"),
        Row("${(input.items)[*].id}", "[1,2,3]"),
        Row("x${(input.json as json).a[0]}y", #""x1y""#),
        Row("${input.items[].id}", "[1,2,3]"),
        Row("${input.items[ ].id}", "[1,2,3]"),
        Row("${input.nested[][]}", "[[1,2],[3]]"),
        Row("${input.list[input.zero]}", "1"),
        Row("${input.list[input.n - 5]}", "3"),
        Row("${input.list[input.list[0]]}", "2"),
        Row("${input.items[input.list[1]].id}", "3"),
        Row("${input.items[*][input.idname]}", "null"),
        Row("${input.list[index]}", "null"),
        Row("${input.list[input.nil]}", "null"),
        Row("${input.list[input.missing] | 9}", "9"),
        Row("${input.map[input.a]}", "null"),
        Row("${input.items[0][split(\"id,u\", \",\")[0]]}", "1"),
        Row("${input.map[lower(\"A\")]}", "1"),
        Row("${input.list[(input.digits as integer) - 40]}", "3"),
        Row("${input.list[input.whole]}", "null"),
        Row("${(input.items)[input.zero].u.e}", #""a""#),
        Row("${split(input.order, \".\")[input.zero]}", #""order""#),
        Row(
            "${input.list[input.yes]}",
            "error: 23 brackets take an integer or a name, not a boolean"
        ),
        Row("${input.list[input.map]}", "error: 23 brackets take an integer or a name, not a map"),
        Row("${input.list[input.f]}", "error: 23 brackets take an integer or a name, not a number"),
        Row("${${input.map}}", #"{"a":1,"a-b":2,"x y":3,"é":4,"}":5,"a.b":6}"#),
    ]

    @Test(arguments: rows)
    func `a path follows parentheses, calls and computed steps`(_ row: Row) {
        let fixture = ExpressionFixture()
        let outcome = fixture.outcome(of: fixture.compile(row.written))
        if row.expected.hasSuffix("JSON") {
            #expect(outcome.hasPrefix(row.expected.dropLast(4)))
        } else {
            #expect(outcome == row.expected)
        }
    }

    static let refusals: [Row] = [
        Row(
            "${input.json as json.a}",
            "30 a path behind a cast needs parentheses round the cast [(input.json as json).a]"
        ),
        Row(
            "${input.json as json.a[0] | 5}",
            "30 a path behind a cast needs parentheses round the cast [(input.json as json).a[0]]"
        ),
        Row(
            "${input.json as json[0].a}",
            "30 a path behind a cast needs parentheses round the cast [(input.json as json)[0].a]"
        ),
        Row(
            "${input.json as object[][0].a}",
            "34 a path behind a cast needs parentheses round the cast [(input.json as object[])[0].a]"
        ),
        Row("${jobs}", "12 `jobs` is followed by the id of a job: `jobs.ID.output`"),
        Row(
            "${jobs[input.x].output}",
            "12 `jobs` is followed by the id of a job: `jobs.ID.output`"
        ),
        Row("${jobs[*].output}", "12 `jobs` is followed by the id of a job: `jobs.ID.output`"),
        Row("${env[input.x]}", "12 `env` is followed by the name of one variable: `env.NAME`"),
        Row("${input.a as int}", "23 `int` is not a type [integer]"),
        Row("${input.a as str}", "23 `str` is not a type [text]"),
        Row("${input.a as float}", "23 `float` is not a type [number]"),
        Row("${input.a as bool}", "23 `bool` is not a type [boolean]"),
        Row("${input.a as array}", "23 `array` is not a type [list]"),
        Row("${input.a as dict}", "23 `dict` is not a type [object]"),
        Row("${input.a as map}", "23 `map` is not a type [object]"),
        Row("${input.a as Int[]}", "23 `Int[]` is not a type [integer[]]"),
        Row("${input.a as Integer}", "23 `Integer` is not a type [integer]"),
        Row("${input.a | None + 1}", "XX"),
        Row("${payload.id}", "12 there is no source `payload`; here are ALL [body]"),
        Row("${steps.one.output}", "12 there is no source `steps`; here are ALL [jobs]"),
        Row("${headers.x}", "12 there is no source `headers`; here are ALL [header]"),
        Row(
            "${request.body.id}",
            "12 `request` has `body_base64` alone; the parts of a request are sources themselves [body]"
        ),
        Row(
            "${req.headers.x}",
            "12 there is no source `req`; the parts of a request are sources themselves [header]"
        ),
        Row("${input.items[0}", "23 this `[` has no closing `]`"),
        Row("${None}", "12 there is no source `None` [null]"),
        Row("${input.x == True}", "23 there is no source `True` [true]"),
        Row(
            "${REF#x}",
            "12 there is no source `REF`; for a variable of the shell write `\\${REF#x}`"
        ),
        Row(
            "echo ${REF} now",
            "17 there is no source `REF`; for a variable of the shell write `\\${REF}`"
        ),
        Row(
            "${TOKEN}",
            "12 there is no source `TOKEN`; the variable of the environment is `env.TOKEN`; for a variable of the shell write `\\${TOKEN}` [env.TOKEN]"
        ),
        Row(
            "${#list[@]}",
            "12 expected a value, found `#list[@]`; for a variable of the shell write `\\${#list[@]}`"
        ),
        Row(
            "${{ body.id }}",
            "12 an expression has one brace at each end and no maps in it; a map is written in YAML [${body.id}]"
        ),
        Row("${.body.id}", "12 a path begins with a source, not with a sign [body.id]"),
        Row("${$.id}", "12 a path begins with a source, not with a sign [body.id]"),
        Row(
            "${body?.id}",
            "16 unexpected `?.id` after the expression: what is missing is null without it [.id]"
        ),
        Row("${body.id ?? 1}", "20 unexpected `??` after the expression [|]"),
        Row(
            "${input.text + \" x\"}",
            "23 `+` takes numbers, not text: texts are joined by writing them side by side, `${a} and ${b}`"
        ),
        Row(
            "${input.map[a]}",
            "21 brackets hold `0`, `-1`, `1:3`, `*`, `\"any name\"` or an expression [[\"a\"]]"
        ),
    ].filter { $0.expected != "XX" }

    @Test(arguments: refusals)
    func `a refusal names the right spelling`(_ row: Row) {
        let fixture = ExpressionFixture()
        #expect(fixture.compile(row.written) == nil)
        let all = Source.allCases.map { "`\($0.name)`" }.joined(separator: ", ")
        #expect(fixture.findings == row.expected.replacing("ALL", with: all))
    }

    /// What a suggestion in words of the expression itself replaces, and that it can be read.
    @Test(arguments: [
        ("${input.json as json.a}", "${(input.json as json).a}"),
        ("${input.json as object[][0].a}", "${(input.json as object[])[0].a}"),
        ("${body.ref.lower()}", "${lower(body.ref)}"), ("${{ body.id }}", "${body.id}"),
        ("${$.id}", "${body.id}"), ("${input.map[a]}", "${input.map[\"a\"]}"),
        ("${body?.id}", "${body.id}"), ("${request.body.id}", "${body.id}"),
        ("${payload.id}", "${body.id}"), ("${body.id ?? 1}", "${body.id | 1}"),
    ])
    func `what is suggested can be read`(_ wrong: String, _ right: String) {
        let fixture = ExpressionFixture()
        #expect(fixture.compile(wrong) == nil)
        #expect(fixture.compile(right) != nil)
    }

    static let warnings: [Row] = [
        Row(
            "${input.json as json}.a",
            "10 `.a` behind the brace is text and no path [${(input.json as json).a}]"
        ),
        Row(
            "x ${input.json as json}[0].b.",
            "10 `[0].b` behind the brace is text and no path [${(input.json as json)[0].b}]"
        ),
        Row("${body}.id", "10 `.id` behind the brace is text and no path [${body.id}]"),
        Row("${body.id}.json", ""),
        Row("${input.n as integer}.json", ""),
        Row("${item}.png", ""),
        Row("${input.json as json}.", ""),
        Row(
            "a {{ body.id }}",
            "10 `{{` and `}}` are text here: an expression has `${` and `}` [${body.id}]"
        ),
        Row(
            "a {{ .body.id }}",
            "10 `{{` and `}}` are text here: an expression has `${` and `}` [${body.id}]"
        ),
        Row("a {{ name }}", ""),
        Row("${input.language as select/en,ko | en}", ""),
        Row("${input.x | http://a.example/${input.y}}", ""),
        Row("${input.x | https://a.example}", ""),
        Row("${input.x | environ}", ""),
        Row("${input.x | boddy}", "22 `boddy` is text here; did you mean the source `body`?"),
        Row("${input.x | lower}", "22 `lower` is text here; the function is `lower(text)`"),
        Row(
            "${response.headers.Location}",
            "12 `response.headers.Location` is a member of the answer's body; what HTTP says of the answer is `http.headers.location`"
        ),
        Row(
            "${response.status == 200}",
            "12 `response.status` is a member of the answer's body; its HTTP status is `http.status`"
        ),
        Row("${response.status == \"done\"}", ""),
        Row("${http.status == 200}", ""),
    ]

    @Test(arguments: warnings)
    func `what is hardly meant is told and loads`(_ row: Row) {
        let fixture = ExpressionFixture()
        #expect(fixture.compile(row.written) != nil)
        #expect(fixture.findings == row.expected)
        #expect(!fixture.diagnostics.hasErrors)
    }

    @Test func `one bare word is text unless it is a source of the place`() {
        var fixture = ExpressionFixture()
        fixture.context.sources = .job
        fixture.context.stepIDs = ["fast"]
        for word in ["en", "end", "items", "body", "method", "clients", "error1", "fast", "query"] {
            let template = fixture.compile("${input.nil | \(word)}")
            #expect(fixture.outcome(of: template) == "\"\(word)\"")
        }
        #expect(fixture.outcome(of: fixture.compile("${input.nil | index}")) == "3")
        #expect(
            fixture.outcome(of: fixture.compile("${input.nil | method not allowed}"))
                == #""method not allowed""#
        )
        #expect(!fixture.diagnostics.hasErrors)
        #expect(fixture.compile("${input.nil | body.x}") == nil)
        #expect(fixture.compile("${input.nil | input x}") == nil)
    }

    @Test func `a job is named by its id alone where no source has the name`() throws {
        var fixture = ExpressionFixture()
        fixture.context.sources = .job
        fixture.context.stepIDs = ["process-message", "output", "length"]
        let template = try #require(fixture.compile("${process-message.output.result}"))
        #expect(fixture.outcome(of: template) == #""greeting""#)
        #expect(template.references.map(\.text) == ["jobs.process-message.output.result"])
        let output = try #require(fixture.compile("${output.a}"))
        #expect(output.references.map(\.source) == [.output])
        #expect(fixture.compile("${length.output}") != nil)
        #expect(fixture.compile("${length(input.list)}") != nil)
        #expect(fixture.findings.isEmpty)
        #expect(fixture.compile("${process-mesage.output}") == nil)
        #expect(fixture.diagnostics.all.last?.suggestion == "process-message")
        #expect(fixture.compile("${process-message}") == nil)
        #expect(fixture.diagnostics.all.last?.suggestion == "process-message.output")
    }

    @Test func `a computed step is read where it is named`() throws {
        let fixture = ExpressionFixture()
        let template = try #require(fixture.compile("${item.faces[item.hits[0].index].name}"))
        #expect(template.references.map(\.text) == ["item.faces", "item.hits[0].index"])
        var scope = TestScope.sample
        scope.values[.item] = json(
            #"{"faces":[{"name":"a"},{"name":"b"}],"hits":[{"index":1}]}"#
        )
        #expect(fixture.outcome(of: template, in: scope) == #""b""#)
        let each = try #require(
            fixture.compile(
                json: #"{"*":"${input.items}","n":"${item.u[input.e1]}","i":"${(item.u).e}"}"#
            )
        )
        #expect(
            fixture.outcome(of: each)
                == #"[{"n":null,"i":"a"},{"n":null,"i":"b"},{"n":null,"i":null}]"#
        )
    }

    @Test(arguments: ["[input.zero]", "[*]", "[]", ".a", "[(input.zero)]"])
    func `a long path is read in linear time`(_ step: String) {
        let fixture = ExpressionFixture()
        let count = 60_000 / step.utf8.count
        let text = "${(input.map)" + String(repeating: step, count: count) + "}"
        #expect(fixture.outcome(of: fixture.compile(text)) == "null")
    }
}
