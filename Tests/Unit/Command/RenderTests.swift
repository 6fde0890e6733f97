import JSONWire
import TestKit
import Testing

@Suite struct RenderTests {
    private static let body = #"{"task_id":"a-1","items":[{"id":7},{"id":8}],"n":"x"}"#

    private func render(_ arguments: [String], _ directory: TemporaryDirectory) throws -> Sluice {
        try Files.write(Self.body, to: directory.path("body.json"))
        try Files.write(#"{"text":"{\"a\":\"b\"}"}"#, to: directory.path("text.json"))
        return try Sluice(["render"] + arguments, directory: directory.path)
    }

    @Test(arguments: [
        (["${body.items[1].id}", "--body", "body.json"], "8\n"),
        (["id: ${body.task_id}", "--body", "body.json"], "{\n  \"id\": \"a-1\"\n}\n"),
        (["${header.x-kind}", "-H", "X-Kind: push"], "\"push\"\n"),
        (["${query.page as integer}", "-q", "page=3"], "3\n"),
        (["${method} ${path}", "-X", "put", "--path", "/a"], "\"PUT /a\"\n"),
        (["${body.name}", "--type", "application/x-www-form-urlencoded"], "null\n"),
        (["${env.WHERE}", "-e", "WHERE=here"], "\"here\"\n"),
        (["${http.status}", "--status", "202"], "202\n"),
        (["${http.headers.location}", "-H", "Location: /jobs/1"], "\"/jobs/1\"\n"),
        (["${response.task_id}/${result.n}", "--body", "body.json"], "\"a-1/x\"\n"),
        (["${upper((body.text as json).a)}", "--body", "text.json"], "\"B\"\n"),
        (["${item.id}", "--item", "${body.items}", "--body", "body.json"], "[\n  7,\n  8\n]\n"),
    ])
    func `an expression has its value on the sample`(
        _ arguments: [String],
        _ expected: String
    ) throws {
        let result = try render(arguments, TemporaryDirectory())
        #expect(result.errors == "")
        #expect(result.output == expected.dropLast())
        #expect(result.status == .exited(0))
    }

    @Test func `what is wrong is told with its caret`() throws {
        let result = try render(["${boddy.a}"], TemporaryDirectory())
        #expect(result.status == .exited(1))
        #expect(result.output == "")
        #expect(result.errors.contains("expression:1:3: error: there is no source `boddy`"))
        #expect(result.errors.contains("    |   ^~~~~"))
        #expect(result.errors.contains("did you mean `body`?"))
    }

    @Test func `what only fails on the sample names the kind of the value and not the value`()
        throws
    {
        let result = try render(
            ["${body.n as integer}", "--body", "body.json"],
            TemporaryDirectory()
        )
        #expect(result.status == .exited(1))
        #expect(result.errors.contains("cannot cast `as integer`: the text is not an integer"))
    }

    @Test(arguments: [
        ["-d", #"{"n":"x"}"#], ["--data", "@body.json"], ["-d", "@body.json"],
        ["--body", "body.json"],
    ])
    func `the body is given as to other commands`(_ words: [String]) throws {
        let result = try render(["${body.n}"] + words, TemporaryDirectory())
        #expect(result.status == .exited(0), "\(result.errors)")
        #expect(result.output == "\"x\"")
    }

    @Test func `a body that is given twice is an error`() throws {
        let result = try render(["${body}", "-d", "1", "--body", "x"], TemporaryDirectory())
        #expect(result.status == .exited(2))
        #expect(result.errors == "sluice: --body and -d both give the body; one is enough.\n")
    }

    @Test func `forgotten braces are noticed`() throws {
        let result = try render(["body.n"], TemporaryDirectory())
        #expect(result.status == .exited(0))
        #expect(result.errors.contains("an expression is written ${body.n}"))
    }

    @Test func `value and findings come as JSON`() throws {
        let result = try render(
            ["${body.n}", "--json", "--body", "body.json"],
            TemporaryDirectory()
        )
        let json = try result.json
        #expect(json["value"]?.string == "x")
        #expect(json["findings"] == .array([]))
    }

    @Test(arguments: [
        ([], "`render` takes one expression"),
        (["${body}", "-H", "x"], "--header wants `NAME: VALUE`"),
        (["${body}", "-q", "x"], "--query wants NAME=VALUE"),
        (["${body}", "--body", "nowhere"], "Cannot read nowhere: No such file or directory"),
    ])
    func `wrong words have the exit code 2`(_ arguments: [String], _ message: String) throws {
        let result = try render(arguments, TemporaryDirectory())
        #expect(result.status == .exited(2))
        #expect(result.errors.contains(message))
    }
}
