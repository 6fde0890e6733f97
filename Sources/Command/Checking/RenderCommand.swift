internal import Configuration
internal import Documents
internal import JSONWire
internal import Platform
internal import WorkflowTesting

/// `sluice render`: tries an expression on a sample request.
enum RenderCommand {
    static let command = Program.Command(
        name: "render",
        usage: "EXPR [-d JSON] [--header 'NAME: VALUE']… [--query NAME=VALUE]…",
        summary: "Try an expression, as an endpoint would read it, on a sample request",
        options: options,
        notes: """
            EXPR is text with ${…} in it, or a YAML map or list of such texts; @FILE reads it from a file.
            Sources: body item query header path method client context env, as in docs/expressions.md. Where the
            sample is an answer to a component's request: response and result, its body, and http.

              sluice render '${body.items[0].id as integer}' -d @sample.json
              sluice render '${http.headers.location}' --status 202 -H 'Location: /jobs/1'
            """,
        run: run
    )

    private static let options: [Arguments.Option] =
        DataArgument.bodyOptions + [
            .init(
                names: ["--type"],
                value: "MEDIATYPE",
                help: "the media type of the body; application/json by default"
            ),
            .init(
                names: ["-H", "--header"],
                value: "NAME: VALUE",
                help: "a header of the request; repeatable"
            ),
            .init(
                names: ["-q", "--query"],
                value: "NAME=VALUE",
                help: "a query parameter; repeatable"
            ),
            .init(names: ["-X", "--method"], value: "METHOD", help: "the method; POST by default"),
            .init(names: ["--path"], value: "PATH", help: "the path; / by default"),
            .init(
                names: ["--status"],
                value: "STATUS",
                help: "the HTTP status, where the sample is a response; 200 by default"
            ),
            .init(
                names: ["--item"],
                value: "EXPR",
                help: "the value of ${item}; for a list, one result for each of its items"
            ),
            .init(
                names: ["--json"],
                value: nil,
                help: "print the value and the findings as a JSON object"
            ),
        ] + ConfigurationLoading.options.dropFirst()

    @Sendable private static func run(_ arguments: Arguments) -> Int32 {
        guard arguments.operands.count == 1, let operand = arguments.operands.first else {
            return Program.mistaken("`render` takes one expression; put it in single quotes")
        }
        let diagnostics = Diagnostics()
        var printer = DiagnosticPrinter()
        let files = ConfigurationFiles(
            environmentFiles: arguments.all("--env-file"),
            assignments: arguments.all("-e"),
            diagnostics: diagnostics
        )
        do throws(Arguments.Mistake) {
            let trial = try trial(arguments, environment: files.environment)
            let node = try node(operand, "expression", diagnostics, &printer)
            let item = try arguments.last("--item").map { text throws(Arguments.Mistake) in
                try Self.node(text, "--item", diagnostics, &printer)
            }
            var value: JSONValue?
            if let node, !diagnostics.hasErrors {
                value = trial.value(of: node, item: item.flatMap { $0 }, diagnostics: diagnostics)
                hint(node, diagnostics)
            }
            return tell(value, diagnostics, &printer, asJSON: arguments.has("--json"))
        } catch {
            return Program.mistaken(error.message)
        }
    }

    private static func trial(
        _ arguments: Arguments,
        environment: [String: String]
    ) throws(Arguments.Mistake) -> ExpressionTrial {
        var sample = ExpressionTrial.Sample()
        if let body = try DataArgument.body(arguments) { sample.body = body }
        sample.contentType = arguments.last("--type")
        sample.method = (arguments.last("-X") ?? "POST").uppercased()
        sample.path = arguments.last("--path") ?? "/"
        if let text = arguments.last("--status") {
            guard let status = Int(text), (100...599).contains(status) else {
                throw Arguments.Mistake(message: "--status wants 100 to 599, not `\(text)`")
            }
            sample.status = status
        }
        for line in arguments.all("-H") {
            guard let header = HeaderLine(line) else {
                throw Arguments.Mistake(message: "--header wants `NAME: VALUE`, not `\(line)`")
            }
            if header.name.lowercased() == "content-type" {
                sample.contentType = sample.contentType ?? header.value
            } else {
                sample.headers.append((header.name, header.value))
            }
        }
        for pair in arguments.all("-q") {
            guard let equals = pair.firstIndex(of: "="), equals != pair.startIndex else {
                throw Arguments.Mistake(message: "--query wants NAME=VALUE, not `\(pair)`")
            }
            sample.query.append(
                (String(pair[..<equals]), String(pair[pair.index(after: equals)...]))
            )
        }
        do throws(ExpressionTrial.Unreadable) {
            return try ExpressionTrial(sample, environment: environment)
        } catch {
            throw Arguments.Mistake(message: error.message)
        }
    }

    /// What is written: text that begins with `${` as it stands, anything else as YAML; nil where it is none.
    private static func node(
        _ operand: String,
        _ name: String,
        _ diagnostics: Diagnostics,
        _ printer: inout DiagnosticPrinter
    ) throws(Arguments.Mistake) -> Node? {
        let isFile = operand.hasPrefix("@")
        let file = isFile ? String(operand.dropFirst()) : name
        let bytes = isFile ? try DataArgument.file(file) : Array(operand.utf8)
        printer.addSource(bytes, file: file)
        if operand.hasPrefix("${") {
            return Node(
                .text(operand),
                at: SourcePosition(file: file, line: 1, column: 1),
                raw: operand,
                textStartsAtColumn: operand.contains("\n") ? nil : 1
            )
        }
        return YAMLReader.read(bytes, file: file, diagnostics: diagnostics).first
    }

    /// Says so where the braces were forgotten.
    private static func hint(_ node: Node, _ diagnostics: Diagnostics) {
        guard case .text(let text) = node.content, !text.contains("${") else { return }
        diagnostics.assumed(
            "this is text without an expression; an expression is written ${\(text)}",
            at: node.position
        )
    }

    private static func tell(
        _ value: JSONValue?,
        _ diagnostics: Diagnostics,
        _ printer: inout DiagnosticPrinter,
        asJSON: Bool
    ) -> Int32 {
        let hasFailed = value == nil || diagnostics.hasErrors
        if asJSON {
            var report: JSONObject = ["findings": DiagnosticPrinter.json(diagnostics.all)]
            if let value { report["value"] = value }
            Console.writeData(JSONValue.object(report).prettyJSONText)
            return hasFailed ? 1 : 0
        }
        Console.write(Array(printer.text(diagnostics.all).utf8), to: .error)
        if let value, !hasFailed { Console.writeData(value.prettyJSONText) }
        return hasFailed ? 1 : 0
    }
}
