import Documents
import Expressions
import JSONWire
import Testing

@Suite struct FunctionTests {
    static let rows: [Row] = [
        Row("${lower(\"ÄBC\")}", #""äbc""#),
        Row("${upper(input.text)}", #""HELLO""#),
        Row("${upper(\"straße\")}", #""STRASSE""#),
        Row("${trim(\" \\n a b \\u00a0\")}", #""a b""#),
        Row("${trim(\"  \")}", #""""#),
        Row("${split(\"a,b,,c\", \",\")}", #"["a","b","","c"]"#),
        Row("${split(input.order, \".\")[1]}", #""created""#),
        Row("${split(input.order, \".\")[-1]}", #""created""#),
        Row("${split(\"\", \",\")}", #"[""]"#),
        Row("${split(\"aaa\", \"aa\")}", #"["","a"]"#),
        Row("${split(\"a€b€c\", \"€\")}", #"["a","b","c"]"#),
        Row("${replace(\"a-b-c\", \"-\", \"\")}", #""abc""#),
        Row("${replace(input.text, \"l\", \"LL\")}", #""heLLLLo""#),
        Row("${replace(\"aaa\", \"aa\", \"b\")}", #""ba""#),
        Row("${strip_prefix(\"refs/heads/main\", \"refs/heads/\")}", #""main""#),
        Row("${strip_prefix(\"refs/tags/1\", \"refs/heads/\")}", #""refs/tags/1""#),
        Row("${strip_prefix(input.text, \"\")}", #""hello""#),
        Row("${match(\"refs/heads/main\", \"refs/heads/(.+)\")}", #""main""#),
        Row("${match(\"order 123 of 456\", \"[0-9]+\")}", #""123""#),
        Row("${match(\"abc\", \"[0-9]+\")}", "null"),
        Row("${match(\"abc\", \"(x)?b\")}", "null"),
        Row("${match(\"abc\", \"a(?:b)(c)\")}", #""c""#),
        Row("${match(\"grün\", \"\\\\w+$\")}", #""grün""#),
        Row("${match(\"a1b2\", \"([a-z])([0-9])\")}", #""a""#),
        Row("${match(input.text, \"^l+\")}", "null"),
        Row("${flatten(input.nested)}", "[1,2,3]"),
        Row("${flatten(input.items[*].u.e)}", #"["a","b"]"#),
        Row("${flatten(input.list)}", "[1,2,3]"),
        Row("${flatten(\"[[[1]],[],[null,{}]]\" as json)}", "[1,{}]"),
        Row("${length(input.list)}", "3"),
        Row("${length(input.map)}", "6"),
        Row("${length(\"grün😀\")}", "5"),
        Row("${length(input.list) > 2}", "true"),
        Row("${length(input.empty)}", "0"),
        Row("${join(input.list, \", \")}", #""1, 2, 3""#),
        Row("${join(input.items[*].u.e, \"+\")}", #""a+b""#),
        Row("${join(split(\"a b\", \" \"), \"-\")}", #""a-b""#),
        Row("${base64_decode(\"aGVsbG8=\")}", #""hello""#),
        Row("${base64_decode(\"aGVsbG8\")}", #""hello""#),
        Row("${base64_decode(\"aGVs\\r\\nbG8=\\n\")}", #""hello""#),
        Row("${base64_decode(input.text as base64)}", #""hello""#),
        Row("${base64_decode(\"8J-YgA\")}", #""😀""#),
        Row("${(base64_decode(\"eyJhIjpbMSwyXX0=\") as json).a[1]}", "2"),
        Row("${lower(split(\"A,B\", \",\"))}", #"["a","b"]"#),
        Row("${trim(split(\"a , b\", \",\"))[1]}", #""b""#),
        Row("${upper(input.items[*].u.e)}", #"["A","B",null]"#),
        Row("${lower(input.nil)}", "null"),
        Row("${lower(input.missing.deeper)}", "null"),
        Row("${split(input.text, input.nil)}", "null"),
        Row("${join(input.nil, \",\")}", "null"),
        Row("${length(input.missing)}", "null"),
        Row("${lower(input.missing) | \"x\"}", #""x""#),
        Row("${lower(input.missing | \"X\")}", #""x""#),
        Row("${input.missing | lower(\"X\")}", #""x""#),
        Row("${input.missing | lower}", #""lower""#),
        Row("${lower(input.text) == \"hello\" and not (upper(input.text) == \"x\")}", "true"),
        Row("${length(input.digits as text) + 1}", "3"),
        Row("${ lower( input.text ) }", #""hello""#),
        Row("${lower(upper(lower(input.text)))}", #""hello""#),
        Row("${lower(${input.text})}", #""hello""#),
        Row("a ${upper(input.text)} b", #""a HELLO b""#),
        Row("${input.map.length}", "null"),
        Row("${input.match | input.now | 1}", "1"),
        Row(
            "${lower(input.text as text) as json[]}",
            "error: 41 cannot cast `as json[]`: the text is not JSON of a list: the JSON text has an unexpected character at byte 0"
        ),
        Row(
            "${lower(input.n)}",
            "error: 12 the `text` of `lower(text)` is a text, not an integer; cast it `as text`"
        ),
        Row("${lower(input.map)}", "error: 12 the `text` of `lower(text)` is a text, not a map"),
        Row(
            "${lower(input.list)}",
            "error: 12 `lower(text)` takes a text or a list of texts, and element 0 is an integer"
        ),
        Row(
            "${split(input.text, input.empty)}",
            "error: 12 the `separator` of `split(text, separator)` is empty text"
        ),
        Row(
            "${flatten(input.text)}",
            "error: 12 the `list` of `flatten(list)` is a list, not text"
        ),
        Row(
            "${length(input.n)}",
            "error: 12 the `value` of `length(value)` is a text, a list or a map, not an integer"
        ),
        Row("${base64_decode(input.text)}", "error: 12 `base64_decode`: the text is not Base64"),
        Row(
            "${match(input.text, input.json)}",
            "null"
        ),
    ]

    @Test(arguments: rows)
    func `a function yields its value`(_ row: Row) {
        let fixture = ExpressionFixture()
        #expect(fixture.outcome(of: fixture.compile(row.written)) == row.expected)
    }

    static let refusals: [Row] = [
        Row(
            "${lowr(input.x)}",
            "12 there is no function `lowr`; there are ALL [lower]"
        ),
        Row("${toLower(input.x)}", "12 there is no function `toLower`; there are ALL [lower]"),
        Row("${len(input.x)}", "12 there is no function `len`; there are ALL [length]"),
        Row("${frobnicate(1)}", "12 there is no function `frobnicate`; there are ALL"),
        Row("${input.x | lowr(input.y)}", "22 there is no function `lowr`; there are ALL [lower]"),
        Row("${lower()}", "12 `lower(text)` takes one argument, not none"),
        Row("${lower(input.x, 1)}", "12 `lower(text)` takes one argument, not 2"),
        Row("${split(input.x)}", "12 `split(text, separator)` takes two arguments, not 1"),
        Row("${now(1)}", "12 `now()` takes no arguments, not 1"),
        Row(
            "${split(input.x, 5)}",
            "27 the `separator` of `split(text, separator)` is a text, not an integer; cast it `as text`"
        ),
        Row(
            "${split(input.x, \"\")}",
            "27 the `separator` of `split(text, separator)` is empty text"
        ),
        Row(
            "${lower(true)}",
            "18 the `text` of `lower(text)` is a text, not a boolean; cast it `as text`"
        ),
        Row("${flatten(\"x\")}", "20 the `list` of `flatten(list)` is a list, not text"),
        Row(
            "${match(input.x, \"[a\")}",
            "27 `match`: the pattern is wrong at character 3: missing terminating ] for character class"
        ),
        Row("${base64_decode(\"%%\")}", "12 `base64_decode`: the text is not Base64"),
        Row("${base64_decode(\"/w==\")}", "12 `base64_decode`: the bytes are not UTF-8 text"),
        Row(
            "${lower(input.x}",
            "17 this `(` has no closing `)`; `lower(text)` has `,` between its arguments"
        ),
        Row(
            "${split(input.x \",\")}",
            "17 this `(` has no closing `)`; `split(text, separator)` has `,` between its arguments"
        ),
        Row("${lower(}", "18 there is no value here"),
        Row("${lower(input.x,)}", "26 expected a value, found `)`"),
        Row("${body(1)}", "12 `body` is a source and no function"),
        Row(
            "${body.ref.lower()}",
            "21 a value has no functions behind it: what a function takes stands in its parentheses [lower(body.ref)]"
        ),
        Row(
            "${body.ref.split(\",\")}",
            "21 a value has no functions behind it: what a function takes stands in its parentheses [split(body.ref, …)]"
        ),
        Row(
            "${input.items.size()}",
            "24 a value has no functions behind it: what a function takes stands in its parentheses [length(input.items)]"
        ),
    ]

    @Test(arguments: refusals)
    func `a call that cannot be is told at load`(_ row: Row) {
        let fixture = ExpressionFixture()
        #expect(fixture.compile(row.written) == nil)
        let all = [
            "lower", "upper", "trim", "split", "replace", "strip_prefix", "match", "flatten",
            "length", "join", "base64_decode", "now",
        ].map { "`\($0)`" }.joined(separator: ", ")
        #expect(fixture.findings == row.expected.replacing("ALL", with: all))
        #expect(fixture.diagnostics.all.allSatisfy { $0.severity == .error })
    }

    @Test func `text that looks like a call of nothing known stays text`() {
        let fixture = ExpressionFixture()
        #expect(fixture.outcome(of: fixture.compile("${input.nil | rgb(1, 2)}")) == #""rgb(1, 2)""#)
        #expect(
            fixture.outcome(of: fixture.compile("${input.nil | lower (case)}"))
                == #""lower (case)""#
        )
        #expect(fixture.findings.isEmpty)
    }

    @Test func `the time is the scope's`() throws {
        let fixture = ExpressionFixture()
        let template = try #require(fixture.compile("${now()}"))
        var scope = TestScope.sample
        scope.values[.context] = json(#"{"now":"2026-03-02T09:00:00.000Z"}"#)
        #expect(fixture.outcome(of: template, in: scope) == #""2026-03-02T09:00:00.000Z""#)
        #expect(template.constant == nil)
        #expect(template.references.map(\.source) == [.context])
    }

    @Test func `there is no time where all is fixed at load`() {
        var fixture = ExpressionFixture()
        fixture.context.sources = .atLoad
        #expect(fixture.compile("${now()}") == nil)
        #expect(
            fixture.findings
                == "12 `now()` is not available here: this is fixed when the configuration is loaded"
        )
    }

    @Test func `what a function makes is bounded`() throws {
        let fixture = ExpressionFixture()
        var scope = TestScope.sample
        scope.values[.body] = .object([
            "many": .string(String(repeating: "a", count: 1 << 20)),
            "long": .string(String(repeating: "b", count: 64)),
            "lists": .array(
                Array(repeating: .string(String(repeating: "a", count: 1 << 16)), count: 64)
            ),
        ])
        for (text, message) in [
            (#"${replace(body.many, "a", body.long)}"#, "`replace` makes more than 16 MiB of text"),
            (
                #"${replace(body.lists, "a", body.long)}"#,
                "`replace` makes more than 16 MiB of text"
            ),
            (#"${split(body.many, "a")}"#, "`split` makes more than 1000000 elements"),
            (
                #"${join(split(body.lists[0], "a"), body.many)}"#,
                "`join` makes more than 16 MiB of text"
            ),
            (#"${match(body.many, "b")}"#, "`match`: a text may have 256 KiB, this one has more"),
        ] {
            let outcome = fixture.outcome(of: fixture.compile(text), in: scope)
            #expect(outcome == "error: 12 \(message)")
        }
    }

    @Test(arguments: [
        "(a+)+$", "(.*)*x", "\\\\s+$", "(a|a)*$", "[a-z]+@", "([a-z]+)++@", ".*.*.*x",
    ])
    func `a search ends, whatever the pattern`(_ pattern: String) {
        let fixture = ExpressionFixture()
        var scope = TestScope.sample
        let text =
            String(repeating: "a", count: 100_000) + String(repeating: " ", count: 100_000) + "b"
        scope.values[.body] = .string(text)
        let template = fixture.compile("${match(body, \"\(pattern)\")}")
        let outcome = fixture.outcome(of: template, in: scope)
        #expect(
            outcome == "null"
                || outcome == "error: 12 `match`: the pattern takes too many steps on this text",
            "\(outcome.prefix(100))"
        )
    }

    @Test func `deep lists are flattened without recursion`() throws {
        let fixture = ExpressionFixture()
        var scope = TestScope.sample
        var value = JSONValue.array([.integer(1)])
        for _ in 0..<500 { value = .array([value]) }
        scope.values[.body] = value
        #expect(fixture.outcome(of: fixture.compile("${flatten(body)}"), in: scope) == "[1]")
    }

    @Test func `a long chain of calls is bounded by depth`() {
        for (count, isTaken) in [(60, true), (65, false)] {
            let fixture = ExpressionFixture()
            let text =
                "${" + String(repeating: "lower(", count: count) + "input.text"
                + String(repeating: ")", count: count) + "}"
            #expect((fixture.compile(text) != nil) == isTaken)
        }
    }
}
