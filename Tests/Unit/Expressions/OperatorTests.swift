import Documents
import Expressions
import JSONWire
import Testing

@Suite struct OperatorTests {
    static let arithmetic: [Row] = [
        Row("1 + 2", "3"), Row("1+2", "3"), Row("7 - 2", "5"), Row("2 * 3", "6"), Row("2*3", "6"),
        Row("6 / 3", "2"), Row("7 / 2", "3.5"), Row("-7 / 2", "-3.5"), Row("7 % 3", "1"),
        Row("-7 % 3", "-1"), Row("7.5 % 2", "1.5"), Row("1 + 2 * 3", "7"), Row("(1 + 2) * 3", "9"),
        Row("10 - 3 - 2", "5"), Row("100 / 10 / 2", "5"), Row("2 * 3 % 4", "2"),
        Row("1.5 + 1", "2.5"), Row("0.1 + 0.2", "0.30000000000000004"), Row("2.5 * 2", "5.0"),
        Row("-input.n", "-7"), Row("- input.n", "-7"), Row("--input.n", "7"), Row("3 - -2", "5"),
        Row("-input.f", "-1.5"), Row("-(-1.50)", "1.50"), Row("-input.nil", "null"),
        Row("input.max - 1", "9223372036854775806"),
        Row("input.big + 1", "9007199254740994"),
        Row("9007199254740993 + 1", "9007199254740994"),
        Row("body.processing_time_ms + body.queue_time_ms", "1750"),
        Row("output.original_size - output.compressed_size", "1536000"),
        Row("output.a - output.b", "2"), Row("output.a-b", "9"),
        Row("body.processing_time_ms + body.nope", "null"), Row("null - 1", "null"),
        Row("null / 0", "null"), Row("input.min % -1", "0"), Row("input.e + 1", "101.0"),
        Row("input.max + 1", "error: 22 the result of `+` does not fit 64 bits"),
        Row("input.min - 1", "error: 22 the result of `-` does not fit 64 bits"),
        Row("input.max * 2", "error: 22 the result of `*` does not fit 64 bits"),
        Row("-input.min", "error: 12 the result of `-` does not fit 64 bits"),
        Row("input.min / -1", "error: 22 the result of `/` does not fit 64 bits"),
        Row("input.n / 0", "error: 20 `/` divides by zero"),
        Row("input.n % 0", "error: 20 `%` divides by zero"),
        Row("input.f / 0.0", "error: 20 `/` divides by zero"),
        Row("input.huge + 1", "error: 23 `+` takes integers of 64 bits, and an operand is larger"),
        Row(
            "input.f * 1e308 * 1e308",
            "error: 28 the result of `*` is beyond the range of a double"
        ),
        Row("input.f + 1e999", "error: 20 an operand of `+` is beyond the range of a double"),
        Row(
            "input.text + 1",
            "error: 23 `+` takes numbers, and its left operand is text: cast it `as number`, or join texts by writing them side by side"
        ),
        Row(
            "1 - input.text",
            "error: 14 `-` takes numbers, and its right operand is text: cast it `as number`"
        ),
        Row("input.yes * 2", "error: 22 `*` takes numbers, and its left operand is a boolean"),
        Row("2 * input.list", "error: 14 `*` takes numbers, and its right operand is a list"),
        Row("2 % input.map", "error: 14 `%` takes numbers, and its right operand is a map"),
        Row(
            "-input.text",
            "error: 12 `-` takes numbers, and its operand is text: cast it `as number`"
        ),
        Row("input.digits as number + 1", "43"), Row("(input.digits as integer) * 2", "84"),
        Row(
            "input.nil + input.text",
            "error: 22 `+` takes numbers, and its right operand is text: cast it `as number`, or join texts by writing them side by side"
        ),
    ]

    static let comparisons: [Row] = [
        Row("1 == 1", "true"), Row("1==1", "true"), Row("1 == 1.0", "true"), Row("1 != 2", "true"),
        Row("1e2 == 100", "true"), Row("0 == -0.0", "true"), Row("1 < 2", "true"),
        Row("2<=2", "true"),
        Row("3 > 2", "true"), Row("2 >= 3", "false"), Row("-1 < 0.5", "true"),
        Row("-2 < -1.5", "true"),
        Row("9007199254740993 == 9007199254740992.0", "false"),
        Row("9007199254740993 > 9007199254740992.0", "true"),
        Row("9223372036854775807 < 9223372036854775808", "true"),
        Row("1e400 > 1e399", "true"), Row("1e-400 > 0", "true"), Row("0.1 == 0.10", "true"),
        Row("input.huge == 123456789012345678901234567890", "true"),
        Row("input.huge > input.max", "true"),
        Row(#""a" < "b""#, "true"), Row(#""a" < "B""#, "false"), Row(#""Z" < "é""#, "true"),
        Row(#""\uffff" < "\ud83d\ude00""#, "true"), Row(#""" < "a""#, "true"),
        Row(#""é" == "e\u0301""#, "false"), Row(#""a" == "a""#, "true"), Row(#""1" == 1"#, "false"),
        Row("true == 1", "false"), Row("null == null", "true"),
        Row("input.missing == null", "true"),
        Row("null == false", "false"), Row("null != 0", "true"), Row(#""" == null"#, "false"),
        Row("input.list == input.list", "true"), Row("input.map == input.list", "false"),
        Row("input.nil < 1", "null"), Row("1 >= input.nil", "null"),
        Row(
            "input.n < input.text",
            "error: 20 `<` cannot order an integer and text: cast the text `as number`"
        ),
        Row(
            "input.text >= 1.5",
            "error: 23 `>=` cannot order text and a number: cast the text `as number`"
        ),
        Row("input.yes < true", "error: 22 `<` cannot order a boolean and a boolean"),
        Row("input.list > 1", "error: 23 `>` cannot order a list and an integer"),
        Row("1 + 1 == 2", "true"), Row("1 < 2 and 2 < 3", "true"),
        Row("2 in input.list", "true"), Row("2.0 in input.list", "true"),
        Row("9 in input.list", "false"),
        Row("null in input.list", "false"), Row(#""a" in input.map"#, "true"),
        Row(#""zz" in input.map"#, "false"), Row(#""ell" in input.text"#, "true"),
        Row(#""" in input.text"#, "true"), Row(#""lll" in input.text"#, "false"),
        Row("1 in input.nil", "false"), Row("input.nil in input.text", "false"),
        Row("input.nil in input.map", "false"),
        Row(
            "1 in input.text",
            "error: 14 `in` looks for text in a text, not for an integer; cast it `as text`"
        ),
        Row(
            "1 in input.map",
            "error: 14 `in` looks for text in a map's keys, not for an integer; cast it `as text`"
        ),
        Row("1 in input.n", "error: 14 `in` looks in lists, maps and text, not in an integer"),
    ]

    static let logic: [Row] = [
        Row("true and false", "false"), Row("true and true and true", "true"),
        Row("false or true", "true"), Row("false or false", "false"), Row("not true", "false"),
        Row("not input.missing", "true"), Row("not not input.yes", "true"),
        Row("input.nil and true", "false"), Row("input.nil or true", "true"),
        Row("true or false and false", "true"), Row("(true or false) and false", "false"),
        Row("input.yes and input.n == 7", "true"), Row("not input.no or input.text", "true"),
        Row("input.no and input.text", "false"), Row("not input.yes == false", "true"),
        Row(
            "input.yes and input.text",
            "error: 22 `and` takes booleans, not text; compare it with something, or cast it `as boolean`"
        ),
        Row(
            "not input.n",
            "error: 12 `not` takes booleans, not an integer; compare it with something, or cast it `as boolean`"
        ),
        Row(
            "input.list or true",
            "error: 23 `or` takes booleans, not a list; compare it with something, or cast it `as boolean`"
        ),
    ]

    static let alternatives: [Row] = [
        Row(#"input.size | "1024x1024""#, #""1024x1024""#),
        Row("input.size | 1024x1024", #""1024x1024""#),
        Row("input.size | 10", "10"), Row("input.size | 0.7", "0.7"),
        Row("input.size | true", "true"),
        Row("input.size | null", "null"), Row("input.size | -5", "-5"), Row("input.n | 10", "7"),
        Row("input.zero | 10", "0"), Row("input.empty | 10", #""""#), Row("input.no | 10", "false"),
        Row("input.size | ~/.ssh/id_rsa", #""~/.ssh/id_rsa""#),
        Row("input.size | hello world", #""hello world""#),
        Row("input.size | hello   ", #""hello""#), Row("input.size |hello", #""hello""#),
        Row("input.size|hello", #""hello""#), Row("input.size | ", #""""#),
        Row("input.size |", #""""#),
        Row("input.size | input.text", #""hello""#), Row("input.size | input.nil | x", #""x""#),
        Row("input.size | ${input.text}", #""hello""#),
        Row("input.size | ${input.nil | y}", #""y""#),
        Row("input.size | a ${input.text} b", #""a hello b""#),
        Row("input.size | ${input.text}/b", #""hello/b""#),
        Row("input.size | ${input.nil | ${input.size | z}}", #""z""#),
        Row(#"input.size | a\}b\|c\$\@\{"#, #""a}b|c$@{""#),
        Row("input.size | 10.0.0.1", #""10.0.0.1""#),
        Row("input.size | 007", #""007""#), Row("input.size | 5m", #""5m""#),
        Row("input.size | -", #""-""#),
        Row("input.size | https://a.example/x?y=z", #""https://a.example/x?y=z""#),
        Row("input.size | not found", #""not found""#), Row("input.size | (none)", #""(none)""#),
        Row("input.size | 3 * 4", "12"), Row("input.size | true story", #""true story""#),
        Row("input.size | gpt-4o", #""gpt-4o""#),
        Row("input.size | items available", #""items available""#),
        Row("input.size | [1, 2]", #""[1, 2]""#),
        Row("input.size | {\"a\": 1\\}", #""{\"a\": 1}""#),
        Row("(input.size | 10) * 2", "20"), Row("input.nil + 1 | 5", "5"),
        Row("input.size as integer | 10", "10"), Row(#"input.size as integer | "10""#, "10"),
        Row("input.size as integer | input.digits", "42"),
        Row("input.digits as integer | 10", "42"),
        Row("input.size as text | 10", #""10""#),
        Row("input.nil | input.size as integer | \"7\"", "7"),
        Row("(input.size as integer) | \"7\"", #""7""#),
        Row("input.nil as integer | input.n as text | 1", #""7""#),
        Row("input.text | \"}\"", #""hello""#), Row("input.size | naïve", #""naïve""#),
        Row("input.size | x @(description the size)", #""x""#),
    ]

    @Test(arguments: arithmetic + comparisons + logic + alternatives)
    func `an expression yields its value or says why not`(_ row: Row) {
        let fixture = ExpressionFixture()
        #expect(fixture.outcome(of: fixture.compile("${\(row.written)}")) == row.expected)
    }

    @Test func `an error names the expression and its place`() throws {
        let template = try #require(ExpressionFixture().compile("x ${input.n + input.text} y"))
        let error = #expect(throws: EvaluationError.self) {
            try template.evaluate(TestScope.sample)
        }
        #expect(
            error?.description
                == "s.yml:3:22: `+` takes numbers, and its right operand is text: cast it `as"
                + " number`, or join texts by writing them side by side, in"
                + " ${input.n + input.text}"
        )
    }
}
