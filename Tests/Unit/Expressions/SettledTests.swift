import Documents
import Expressions
import JSONWire
import Testing

@Suite struct SettledTests {
    /// A node as JSON, to compare it.
    private func text(_ node: Node?) -> String {
        guard let node else { return "refused" }
        switch node.content {
        case .null: return "null"
        case .bool(let flag): return "\(flag)"
        case .integer(let number): return "\(number)"
        case .number(let number): return number
        case .text(let text): return JSONValue.string(text).jsonText
        case .list(let nodes): return "[" + nodes.map { text($0) }.joined(separator: ",") + "]"
        case .map(let entries):
            return "{" + entries.map { "\($0.key):\(text($0.value))" }.joined(separator: ",") + "}"
        }
    }

    @Test(arguments: [
        Row(
            #"{"a":"${env.PORT}","b":["${env.PORT as integer}","x${env.TOKEN}"]}"#,
            #"{a:"2222",b:[2222,"xs3cret"]}"#
        ),
        Row(#""${env.NOPE | 22}""#, "22"), Row(#""${env.NOPE | 1.5}""#, "1.5"),
        Row(#""${env.NOPE | true}""#, "true"), Row(#""${env.NOPE | null}""#, "null"),
        Row(#""${env.NOPE | ~/.ssh/id_rsa}""#, #""~/.ssh/id_rsa""#), Row("12", "12"),
        Row(#"{"${env.PORT}":1,"...":"x","?":null}"#, #"{${env.PORT}:1,...:"x",?:null}"#),
        Row(#"{"a":"${env.NOPE}","b":1}"#, "refused"), Row(#"["${input.x}"]"#, "refused"),
        Row(#""${\"[1]\" as list}""#, "refused"),
    ])
    func `settings have the environment put in`(_ row: Row) {
        var fixture = ExpressionFixture()
        fixture.context.sources = .atLoad
        let settled = fixture.node(json(row.written)).settled(fixture.context, fixture.diagnostics)
        #expect(text(settled) == row.expected)
        #expect(fixture.diagnostics.hasErrors == (row.expected == "refused"))
    }
}
