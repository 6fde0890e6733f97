import JSONWire
import Primitives
import TestKit
import Testing

/// Expressions of endpoints that fail on a request: the sender is told what, the log also where it is written.
@Suite struct FailingExpressionTests {
    /// A listener, a body on which an expression of it fails, and where that stands.
    struct Case: Sendable, CustomTestStringConvertible {
        let what: String
        let listener: String
        let detail: String
        let place: String
        var testDescription: String { what }
    }

    private static let content = "s3cret-content"
    private static let cast = "Cannot cast `as integer`: the text is not an integer."

    static let cases: [Case] = [
        Case(
            what: "a key",
            listener: "path: /a, identify_by: \"${body.id as integer}\"",
            detail: cast,
            place: "2:40 ${body.id as integer}"
        ),
        Case(
            what: "a status",
            listener: "path: /a, identify_by: \"k\", status: \"${body.id as integer}\"",
            detail: cast,
            place: "2:53 ${body.id as integer}"
        ),
        Case(
            what: "a result",
            listener: "path: /a, identify_by: \"k\", result: { n: \"${body.id + 1}\" }",
            detail: "`+` takes numbers, and its left operand is text: cast it `as number`, or join "
                + "texts by writing them side by side.",
            place: "2:55 ${body.id + 1}"
        ),
        Case(
            what: "the items of a bulk request",
            listener:
                "path: /a, bulk: true, item: \"${body.id as list}\", identify_by: \"${item.id}\"",
            detail:
                "Cannot cast `as list`: the text is not JSON of a list: the JSON text has an "
                + "unexpected character at byte 0.",
            place: "2:45 ${body.id as list}"
        ),
        Case(
            what: "a trigger's input",
            listener: "path: /a, workflow: w, input: { n: \"${body.id as integer}\" }",
            detail: cast,
            place: "2:52 ${body.id as integer}"
        ),
        Case(
            what: "a trigger's workflow",
            listener: "path: /a, workflow: \"${body.id as integer}\"",
            detail: cast,
            place: "2:37 ${body.id as integer}"
        ),
    ]

    @Test(arguments: cases) func `sender and log are told what each may know`(_ one: Case) throws {
        let text =
            "listener: { port: 8090,\n  \(one.listener) }\n" + Completion.controller
            + "workflow: { id: w, jobs: [ { id: a, component: logger, input: { message: hello } } ] }\n"
        let fixture = try ServerFixture(Block(text: text))
        defer { fixture.stop() }
        let reply = try fixture.post("/a", #"{"id":"\#(Self.content)"}"#)
        #expect(reply.status == 422)
        let problem = try JSONValue.parse(reply.body)
        #expect(problem["code"] == .string("expression_failed"))
        #expect(problem["detail"] == .string(one.detail))
        #expect(!reply.text.contains("block.yml"))
        let line = try #require(
            fixture.lines.records.first { $0.message.hasPrefix("Request refused") }
        )
        #expect(line.message == "Request refused: \(one.detail)")
        let place = line.fields.first { $0.name == "place" }?.value ?? ""
        #expect(place.hasSuffix(":" + one.place), "\(place)")
        #expect(!reply.text.contains(Self.content))
    }
}
