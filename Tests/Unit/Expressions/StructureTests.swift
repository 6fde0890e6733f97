import Documents
import Expressions
import JSONWire
import Testing

@Suite struct StructureTests {
    static let rows: [Row] = [
        // Spread.
        Row(#"{"...":"${input.map}","a":9}"#, #"{"a":9,"a-b":2,"x y":3,"é":4,"}":5,"a.b":6}"#),
        Row(#"{"a":9,"...":"${response}"}"#, #"{"a":9,"ok":true}"#),
        Row(#"{"ok":0,"...":"${response}"}"#, #"{"ok":true}"#),
        Row(#"{"a":1,"...":"${input.nil}"}"#, #"{"a":1}"#),
        Row(#"{"...":"${input.nil}"}"#, "{}"),
        Row(#"{"...":{"x":"${input.n}"},"y":2}"#, #"{"x":7,"y":2}"#),
        Row(
            #"{"...":"${input.n}"}"#,
            "error: 10 `...` in a map with other keys takes a map, not an integer"
        ),
        Row(#"["a","...${input.list}","b"]"#, #"["a",1,2,3,"b"]"#),
        Row(#"["...${input.nil}"]"#, "[]"),
        Row(#"["...${input.n}"]"#, "error: 10 `...` in a list takes a list, not an integer"),
        Row(#"["...${input.n} x"]"#, #"["...7 x"]"#),
        Row(#"["...${input.n}${input.n}"]"#, #"["...77"]"#),
        Row(#"["...x"]"#, #"["...x"]"#),
        Row(#"{"\\...":"${input.n}","\\?":1,"\\*":2,"\\+":3}"#, #"{"...":7,"?":1,"*":2,"+":3}"#),
        // Choice.
        Row(#"{"?":{"input":"${input.n}","value":7,"if_true":"y","if_false":"n"}}"#, #""y""#),
        Row(
            #"{"?":{"input":"${input.n}","operator":"gt","value":7,"if_true":"y","if_false":"n"}}"#,
            #""n""#
        ),
        Row(#"{"?":{"input":"${input.n}","operator":"gt","value":7,"if_true":"y"}}"#, "null"),
        Row(
            #"{"?":[{"input":"${input.n}","operator":"gte","value":90,"if_true":"a"},{"input":"${input.n}","operator":"gte","value":5,"if_true":{"g":"${input.text}"}},{"input":1,"value":1,"if_true":"c"}]}"#,
            #"{"g":"hello"}"#
        ),
        Row(
            #"{"?":[{"input":1,"value":2,"if_true":"a","if_false":"b"},{"input":1,"value":1,"if_true":"c"}]}"#,
            #""b""#
        ),
        Row(#"{"?":[]}"#, "null"),
        Row(
            #"{"a":1,"?":{"input":"${input.yes}","value":true,"if_true":{"b":2}}}"#,
            #"{"a":1,"b":2}"#
        ),
        Row(#"{"a":1,"?":{"input":"${input.no}","value":true,"if_true":{"b":2}}}"#, #"{"a":1}"#),
        Row(
            #"{"a":1,"?":{"input":1,"value":1,"if_true":5}}"#,
            "error: 10 `?` in a map with other keys takes a map, not an integer"
        ),
        Row(
            #"{"?":{"all":[{"input":1,"value":1},{"not":{"input":1,"value":2}}],"if_true":"y"}}"#,
            #""y""#
        ),
        Row(#"{"?":{"any":["${input.no}","${input.n == 7}"],"if_true":"y"}}"#, #""y""#),
        // Map.
        Row(
            #"{"*":"${input.items}","id":"${item.id}","at":"${index}"}"#,
            #"[{"id":1,"at":0},{"id":2,"at":1},{"id":3,"at":2}]"#
        ),
        Row(#"{"*":"${input.list}"}"#, "[1,2,3]"),
        Row(#"{"*":"${input.nil}","a":1}"#, "null"),
        Row(#"{"*":"${input.n}","a":1}"#, "error: 10 `*` takes a list, not an integer"),
        Row(
            #"{"*":{"input":"${input.list}","where":{"input":"${item}","operator":"gt","value":1}}}"#,
            "[2,3]"
        ),
        Row(
            #"{"*":{"input":"${input.list}","where":"${item > 1}"},"v":"${item * 10}"}"#,
            #"[{"v":20},{"v":30}]"#
        ),
        Row(
            #"{"*":"${input.items}","...":"${item.u}","id":"${item.id}"}"#,
            #"[{"e":"a","id":1},{"e":"b","id":2},{"id":3}]"#
        ),
        Row(
            #"{"*":"${input.list}","?":{"input":"${item}","value":2,"if_true":"two","if_false":"${item}"}}"#,
            #"[1,"two",3]"#
        ),
        Row(
            #"{"*":"${input.nested}","inner":{"*":"${item}","v":"${item}","at":"${index}"},"outer":"${index}"}"#,
            #"[{"inner":[{"v":1,"at":0},{"v":2,"at":1}],"outer":0},{"inner":[{"v":3,"at":0}],"outer":1}]"#
        ),
        Row(#"{"*":"${item}","x":1}"#, "error: 10 `*` takes a list, not a map"),
        Row(#"{"*":[1,2],"text":"n${item}"}"#, #"[{"text":"n1"},{"text":"n2"}]"#),
        // Join.
        Row(#"{"+":["a","${input.text}","${input.nil}"]}"#, #""ahello""#),
        Row(#"{"+":[[1],"${input.list}",null]}"#, "[1,1,2,3]"),
        Row(#"{"+":[{"a":1,"b":1},{"b":2}]}"#, #"{"a":1,"b":2}"#),
        Row(#"{"+":[]}"#, "null"), Row(#"{"+":[null]}"#, "null"),
        Row(#"{"+":"${input.nil}"}"#, "null"),
        Row(#"{"+":"${input.nested}"}"#, "[1,2,3]"),
        Row(#"{"z":0,"+":[{"a":1},"${response}"]}"#, #"{"z":0,"a":1,"ok":true}"#),
        Row(#"{"+":["a",[1]]}"#, "error: 10 `+` cannot join text and a list"),
        Row(#"{"+":[5]}"#, "error: 10 `+` joins texts, lists or maps, not an integer"),
        Row(#"{"+":"${input.n}"}"#, "error: 10 `+` takes a list of what it joins, not an integer"),
        // Refused.
        Row(
            #"{"|":"${input.list}"}"#,
            #"refused: 10 the operator `|` is not supported; a key that is written so has a backslash before it [\|]"#
        ),
        Row(
            #"{"?":5}"#,
            "refused: 10 `?` takes a map with `input`, `operator`, `value`, `if_true` and `if_false`, not an integer"
        ),
        Row(
            #"{"?":{"input":1,"operater":"eq","value":1}}"#,
            "refused: 10 unknown key `operater` in a condition [operator]"
        ),
        Row(#"{"?":{"value":1}}"#, "refused: 10 the condition has no `input`"),
    ]

    @Test(arguments: rows)
    func `structural operators build values`(_ row: Row) {
        let fixture = ExpressionFixture()
        #expect(fixture.outcome(of: fixture.compile(json: row.written)) == row.expected)
    }

    @Test func `item is bound inside the operator only`() throws {
        var fixture = ExpressionFixture()
        fixture.context.sources = .component
        let template = try #require(
            fixture.compile(json: #"{"*":"${input.list}","v":"${item}","i":"${index}"}"#)
        )
        #expect(template.references.map(\.text) == ["input.list"])
        #expect(fixture.compile(json: #"{"*":"${item}","v":1}"#) == nil)
        #expect(fixture.compile(json: #"{"v":"${item}"}"#) == nil)
    }

    @Test(arguments: [
        Row(#"{"url":"http://localhost:8090/callback","n":1}"#, "http://localhost:8090/callback."),
        Row(#"{"a":{"b":["${gateway:8090.public_url}/callback"]}}"#, "<8090 public_url>/callback."),
        Row(
            #""http://${gateway:8090.public_address}/callback""#,
            "http://<8090 public_address>/callback."
        ),
        Row(#""${gateway.public_url}""#, "<- public_url>."),
        Row(#""${env.URL}/callback""#, "http://localhost:8090/callback."),
        Row(#""${env.NOPE | http://a.example}/callback""#, "http://a.example/callback."),
        Row(#""http://h/webhook?task_id=${context.run_id}""#, "http://h/webhook?task_id=…."),
        Row(#""${input.url}/callback""#, ""),
        Row(
            #""${input.url | \"http://localhost:8090\"}/callback""#,
            "http://localhost:8090/callback."
        ),
        Row(
            #""${input.url | ${gateway:8090.public_url}/callback}?a""#,
            "<8090 public_url>/callback?a."
        ),
        Row(#""${gateway:8090.public_url}${input.x}/callback""#, "<8090 public_url>…/callback."),
        Row(#""${env.EMPTY}${input.x}/callback""#, ""),
        Row(#""${gateway:8090}""#, ""),
        Row(#""see http:// and ${input.x}c""#, "see http:// and …c."),
        Row(#"["http://a","b${input.x}HTTPS://c"]"#, "http://a. b…HTTPS://c."),
        Row(
            #"{"?":{"input":"http://l","value":"http://r","if_true":"http://y","if_false":"http://n"}}"#,
            "http://y. http://n."
        ),
        Row(#"["...${input.x}","...${input.y}http"]"#, "...…http."),
        Row("5", ""),
    ])
    func `what is known of strings at load is kept`(_ row: Row) throws {
        let template = try #require(ExpressionFixture().compile(json: row.written))
        let texts = template.texts.map { text in
            text.pieces.map { piece in
                switch piece {
                case .literal(let literal): literal
                case .gateway(let port, let field): "<\(port.map(String.init) ?? "-") \(field)>"
                case .unknown: "…"
                }
            }.joined() + "."
        }
        #expect(texts.joined(separator: " ") == row.expected)
    }

    @Test func `hints are kept for the schema`() throws {
        let fixture = ExpressionFixture()
        let template = try #require(
            fixture.compile(
                "${input.score as integer | 5 @(description Test score (0 to 100)) @(title Score)}"
            )
        )
        let hint = try #require(template.hints.first)
        #expect(template.hints.count == 1)
        #expect(hint.reference?.text == "input.score")
        #expect(hint.types == ["integer"])
        #expect(hint.defaultValue == .integer(5))
        #expect(hint.notes.map(\.word) == ["description", "title"])
        #expect(hint.notes.map(\.text) == ["Test score (0 to 100)", "Score"])
        #expect(hint.position.column == 10)
        let other = try #require(
            fixture.compile("${input.style as select/a,b | ${input.x as text}}")
        )
        #expect(other.hints.map(\.types) == [["select/a,b"], ["text"]])
        #expect(try #require(fixture.compile("${input.n}")).hints.isEmpty)
    }
}
