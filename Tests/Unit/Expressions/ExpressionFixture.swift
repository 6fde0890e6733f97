import Documents
import Expressions
import JSONWire
import Testing

/// What the tests of this room evaluate expressions with.
struct TestScope: Scope {
    /// The values of the sources.
    var values: [Source: JSONValue]

    func resolve(_ reference: Reference) throws(EvaluationError) -> JSONValue {
        if reference.source == .gateway {
            guard reference.argument == 8090 else { return .null }
        }
        return (values[reference.source] ?? .null).select(reference.steps)
    }

    /// The scope that the tables are written against.
    static let sample = TestScope(values: [
        .input: json(
            #"""
            {"text":"hello","n":7,"big":9007199254740993,"max":9223372036854775807,
             "min":-9223372036854775808,"f":1.5,"exact":1.50,"zero":0,"empty":"","no":false,
             "yes":true,"nil":null,"list":[1,2,3],"digits":"42","e":1e2,
             "huge":123456789012345678901234567890,"json":"{\"a\":[1,null]}","whole":77.0,
             "items":[{"id":1,"u":{"e":"a"}},{"id":2,"u":{"e":"b"}},{"id":3}],
             "map":{"a":1,"a-b":2,"x y":3,"é":4,"}":5,"a.b":6},"size":null,
             "nested":[[1,2],[3]],"order":"order.created"}
            """#
        ),
        .body: json(
            #"{"task_id":"t-1","status":"completed","processing_time_ms":1500,"queue_time_ms":250}"#
        ),
        .output: json(#"{"original_size":2048000,"compressed_size":512000,"a-b":9,"a":5,"b":3}"#),
        .jobs: json(#"{"process-message":{"output":{"result":"greeting"}}}"#),
        .context: json(#"{"run_id":"r-1"}"#),
        .header: json(#"{"X-Signature":"sha256=abc"}"#),
        .query: json(#"{"dry":"1","page":"12"}"#),
        .gateway: json(#"{"public_url":"https://hooks.example.com","port":8090}"#),
        .item: json(#"{"id":5}"#),
        .index: json("3"),
        .response: json(#"{"ok":true}"#),
        .error: json(#"{"message":"boom"}"#),
    ])

    /// Everything there is, so that a table need not say where it stands.
    static let everywhere = SourceSet(of: Source.allCases)
}

/// The value of a JSON text that a test wrote itself.
func json(_ text: String) -> JSONValue {
    do {
        return try JSONValue.parse(text)
    } catch {
        Issue.record("\(text): \(error.message)")
        return .null
    }
}

/// One row of a table: what is written, and what comes of it.
struct Row: Sendable, CustomTestStringConvertible {
    var written: String
    var expected: String

    init(_ written: String, _ expected: String) {
        self.written = written
        self.expected = expected
    }

    var testDescription: String { "\(written) → \(expected)" }
}

/// A place of the configuration that tests compile strings at.
struct ExpressionFixture {
    var context = CompileContext(
        sources: TestScope.everywhere,
        environment: [
            "TOKEN": "s3cret", "PORT": "2222", "EMPTY": "", "URL": "http://localhost:8090",
        ],
        secrets: ["TOKEN": "s3cret"],
        keyPath: "the.key"
    )
    let diagnostics = Diagnostics()

    /// A text of the configuration at line 3, column 10.
    func node(_ text: String) -> Node {
        Node(
            .text(text),
            at: SourcePosition(file: "s.yml", line: 3, column: 10),
            raw: text,
            textStartsAtColumn: 10
        )
    }

    /// A value of the configuration, from JSON.
    func node(_ value: JSONValue) -> Node {
        let position = SourcePosition(file: "s.yml", line: 3, column: 10)
        switch value {
        case .null: return Node(.null, at: position, raw: "null")
        case .bool(let flag): return Node(.bool(flag), at: position, raw: "\(flag)")
        case .integer(let number): return Node(.integer(number), at: position, raw: "\(number)")
        case .number(let number):
            return Node(.number(number.text), at: position, raw: number.text)
        case .string(let text): return node(text)
        case .array(let elements): return Node(.list(elements.map { node($0) }), at: position)
        case .object(let object):
            let entries = object.members.map { member in
                Node.Entry(key: member.name, keyPosition: position, value: node(member.value))
            }
            return Node(.map(entries), at: position)
        }
    }

    func compile(_ text: String) -> Template? {
        Template.compile(node(text), context: context, diagnostics: diagnostics)
    }

    func compile(json text: String) -> Template? {
        Template.compile(node(json(text)), context: context, diagnostics: diagnostics)
    }

    /// The findings, one a line: `column message [suggestion]`.
    var findings: String {
        diagnostics.all.map { finding in
            "\(finding.position.column) \(finding.message)"
                + (finding.suggestion.map { " [\($0)]" } ?? "")
        }.joined(separator: "\n")
    }

    /// What becomes of a template: its JSON text, or the error.
    func outcome(of template: Template?, in scope: TestScope = .sample) -> String {
        guard let template else { return "refused: \(findings)" }
        do {
            return try template.evaluate(scope).jsonText
        } catch {
            return "error: \(error.position.column) \(error.message)"
        }
    }
}
