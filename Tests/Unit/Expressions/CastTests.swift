import Documents
import Expressions
import JSONWire
import Testing

@Suite struct CastTests {
    static let rows: [Row] = [
        Row("5 as string", #""5""#), Row("1.50 as text", #""1.50""#),
        Row("true as text", #""true""#),
        Row("input.list as text", #""[1,2,3]""#), Row("input.nil as text", "null"),
        Row("input.text as text", #""hello""#),
        Row("5 as integer", "5"), Row("input.whole as integer", "77"),
        Row("input.e as integer", "100"),
        Row("input.digits as integer", "42"), Row(#""5.0" as integer"#, "5"),
        Row(#""-7" as integer"#, "-7"),
        Row(#""+7" as integer"#, "7"), Row(#""007" as integer"#, "7"),
        Row(#""1e3" as integer"#, "1000"),
        Row(#""0.000" as integer"#, "0"), Row(#""-0" as integer"#, "0"),
        Row(#""9223372036854775807" as integer"#, "9223372036854775807"),
        Row(#""-9223372036854775808.0" as integer"#, "-9223372036854775808"),
        Row("input.f as integer", "E the number is not an integer of 64 bits"),
        Row("input.huge as integer", "E the number does not fit 64 bits"),
        Row("input.text as integer", "E the text is not an integer"),
        Row("input.empty as integer", "E the text is not an integer"),
        Row("input.yes as integer", "E a boolean is not an integer"),
        Row("input.list as integer", "E a list is not an integer"),
        Row("input.n as number", "7"), Row("input.exact as number", "1.50"),
        Row("input.digits as number", "42"),
        Row(#""2.50" as number"#, "2.50"), Row(#""+1e5" as number"#, "1e5"),
        Row(#""00.5" as number"#, "0.5"),
        Row("input.text as number", "E the text is not a number"),
        Row("input.yes as number", "E a boolean is not a number"),
        Row(#"input.nil | "NaN" as text"#, #""NaN""#),
        Row("true as boolean", "true"), Row(#""true" as boolean"#, "true"),
        Row(#""false" as boolean"#, "false"),
        Row("1 as boolean", "true"), Row("0 as boolean", "false"),
        Row("query.dry as boolean", "true"),
        Row("input.n as boolean", "E an integer is not a boolean; only true, false, 1 and 0 are"),
        Row("input.text as boolean", "E the text is neither `true` nor `false`"),
        Row("input.list as boolean", "E a list is not a boolean; only true, false, 1 and 0 are"),
        Row("input.json as json", #"{"a":[1,null]}"#), Row("input.list as json", "[1,2,3]"),
        Row(
            "input.text as json",
            "E the text is not JSON: the JSON text has an unexpected character at byte 0"
        ),
        Row("input.json as object", #"{"a":[1,null]}"#), Row("input.response as object", "null"),
        Row("input.list as object", "E a list is not a map"),
        Row("input.n as object", "E an integer is not a map"),
        Row("input.json as list", "E a map is not a list"), Row("input.list as list", "[1,2,3]"),
        Row(#""[1,2]" as list"#, "[1,2]"), Row("input.n as list", "E an integer is not a list"),
        Row("input.text as base64", #""aGVsbG8=""#), Row(#""" as base64"#, #""""#),
        Row(#""ab" as base64"#, #""YWI=""#),
        Row(#""abc" as base64"#, #""YWJj""#), Row("input.list as base64", #""WzEsMiwzXQ==""#),
        Row("input.list as text[]", #"["1","2","3"]"#),
        Row(#""[\"1\",null]" as integer[]"#, "[1,null]"),
        Row("input.items as integer[]", "E a map is not an integer (element 0)"),
        Row("input.n as integer[]", "E an integer is not a list"),
        Row("input.nil as integer[]", "null"),
        Row("input.map as object/a,x", #"{"a":1,"x":null}"#),
        Row(
            "input.items as object[]/id,u.e",
            #"[{"id":1,"e":"a"},{"id":2,"e":"b"},{"id":3,"e":null}]"#
        ),
        Row("input.digits as integer as text", #""42""#),
        Row("input.json as object as text", #""{\"a\":[1,null]}""#),
        Row("input.n as select/a,b", "7"), Row("input.n as image;base64", "7"),
        Row("input.n as slider/0,2,0.1", "7"),
        Row("input.n as text;multiline", "7"), Row("input.n as integer/1,100", "7"),
        Row("input.text as markdown", #""hello""#),
        Row("input.nil as select/a,b | a", #""a""#), Row("input.n as bogus", "7"),
    ]

    @Test(arguments: rows)
    func `a cast yields exactly the value or fails`(_ row: Row) {
        let fixture = ExpressionFixture()
        let outcome = fixture.outcome(of: fixture.compile("${\(row.written)}"))
        if row.expected.hasPrefix("E ") {
            #expect(outcome.hasPrefix("error: "))
            #expect(outcome.hasSuffix(": " + row.expected.dropFirst(2)))
        } else {
            #expect(outcome == row.expected)
        }
    }

    @Test func `a failing cast never shows the value`() throws {
        let fixture = ExpressionFixture()
        #expect(fixture.compile("${env.TOKEN as integer}") == nil)
        #expect(fixture.findings == "25 cannot cast `as integer`: the text is not an integer")
    }

    @Test func `a word that is no type is told, and changes nothing`() throws {
        let fixture = ExpressionFixture()
        #expect(fixture.compile("${input.n as bogus}") != nil)
        #expect(fixture.diagnostics.all.map(\.noteKind) == [.assumed])
    }
}
