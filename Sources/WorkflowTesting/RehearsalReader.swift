internal import Documents
internal import Expressions
internal import JSONWire
internal import Primitives

/// Reads a test of a workflow from its file; the keys are those of `docs/testing.md`.
struct RehearsalReader {
    private static let requestKeys = [
        "method", "url", "query", "headers", "body", "command", "component",
    ]
    private static let failureKeys = ["code", "message", "step", "attempt", "component"]

    private let diagnostics: Diagnostics
    private var script: RehearsalScript

    /// Reads one document; what is wrong with it is reported.
    static func read(
        _ node: Node,
        name: String,
        diagnostics: Diagnostics
    ) -> RehearsalScript {
        var reader = RehearsalReader(
            diagnostics: diagnostics,
            script: RehearsalScript(name: name)
        )
        reader.read(SettingsReader(node, diagnostics: diagnostics))
        return reader.script
    }

    private mutating func read(_ start: SettingsReader) {
        var reader = start
        script.name = reader.text("name") ?? script.name
        script.configuration = reader.texts("configuration") ?? []
        script.workflow = reader.string("workflow")
        script.input = reader.node("input")?.jsonValue ?? .null
        for (key, value) in reader.textMap("env") ?? [] { script.environment[key] = value }
        for (key, value) in reader.textMap("secrets") ?? [] { script.secrets[key] = value }
        for exchange in reader.maps("requests") ?? [] { read(exchange: exchange) }
        script.callbacks = callbacks(&reader)
        if case .object(let answers)? = reader.node("answers")?.jsonValue {
            script.answers = answers
        }
        readExpectation(&reader)
        reader.finish()
    }

    private mutating func readExpectation(_ reader: inout SettingsReader) {
        let hasOutput = reader.entries.contains { $0.key == "output" }
        reader.note("output")
        if hasOutput {
            script.expectation = .output(
                reader.entries.first { $0.key == "output" }?.value.jsonValue ?? .null
            )
        }
        guard let node = reader.node("error") else { return }
        if hasOutput {
            reader.error(
                "a run has an output or an error; expected one of them",
                at: node.position,
                key: "error"
            )
        }
        if case .object(let error) = node.jsonValue {
            check(node, Self.failureKeys, keyPath: reader.path("error"))
            script.expectation = .failure(error)
        } else {
            script.expectation = .failure(["code": .string(node.scalarText ?? "")])
        }
    }

    private mutating func read(exchange start: SettingsReader) {
        var reader = start
        var request = JSONObject()
        if let node = reader.node("request") {
            check(node, Self.requestKeys, keyPath: reader.path("request"))
            if case .object(let object) = node.jsonValue { request = object }
        } else {
            reader.missing("request", expected: "what the request looks like")
        }
        var times: Int? = 1
        if reader.node("times")?.scalarText == "any" {
            times = nil
        } else {
            times = reader.integer("times", in: 1...1_000_000) ?? 1
        }
        let answer = answer(&reader)
        let callbacks = callbacks(&reader)
        reader.finish()
        script.exchanges.append(
            RehearsalScript.Exchange(
                number: script.exchanges.count + 1,
                position: reader.position,
                request: request,
                times: times,
                answer: answer,
                callbacks: callbacks
            )
        )
    }

    private func answer(_ outer: inout SettingsReader) -> RehearsalScript.Answer {
        var answer = RehearsalScript.Answer()
        guard var reader = outer.map("answer") else { return answer }
        answer.after = reader.duration("after", default: Nanoseconds(0))
        let exitCode = reader.integer("exit_code", in: 0...255)
        answer.status = reader.integer("status", in: 100...599) ?? exitCode ?? 200
        answer.headers = (reader.textMap("headers") ?? []).map { ($0.key, $0.value) }
        answer.body = template(&reader, "body")
        if reader.has("stdout") || reader.has("stderr") || exitCode != nil {
            answer.status = exitCode ?? 0
            let said = Node(
                .map(reader.entries.filter { $0.key == "stdout" || $0.key == "stderr" }),
                at: reader.position
            )
            reader.note("stdout", "stderr")
            answer.body = template(said, keyPath: reader.keyPath)
        }
        if let word = reader.string("error") {
            answer.failure = ProblemCode(rawValue: word)
            if answer.failure == nil {
                reader.error(
                    "`\(word)` is not an error code",
                    at: reader.node("error")?.position ?? reader.position,
                    key: "error",
                    suggestion: NearestName.suggest(
                        word,
                        among: ProblemCode.allCases.map(\.rawValue)
                    )
                )
            }
        }
        reader.finish()
        return answer
    }

    /// `callback`, a map, or `callbacks`, a list of them.
    private func callbacks(_ outer: inout SettingsReader) -> [RehearsalScript.Callback] {
        var readers = outer.maps("callbacks") ?? []
        if let one = outer.map("callback") { readers.append(one) }
        return readers.compactMap { start in
            var reader = start
            let endpoint = reader.string("endpoint")
            let after = reader.duration("after", default: Nanoseconds(0))
            let url = template(&reader, "url")
            let query = template(&reader, "query")
            let headers = template(&reader, "headers")
            let body = template(&reader, "body")
            let path = template(&reader, "path")
            reader.finish()
            guard body != nil || url != nil || query != nil else {
                reader.missing("body", expected: "the callback's body, its `query` or its `url`")
                return nil
            }
            return RehearsalScript.Callback(
                position: reader.position,
                endpoint: endpoint,
                url: url,
                after: after,
                path: path,
                query: query,
                headers: headers,
                body: body
            )
        }
    }

    private func template(_ reader: inout SettingsReader, _ key: String) -> Template? {
        reader.node(key).flatMap { template($0, keyPath: reader.path(key)) }
    }

    /// A recorded value; its expressions see the request that it answers, as an endpoint would.
    private func template(_ node: Node, keyPath: String) -> Template? {
        Template.compile(
            node,
            context: CompileContext(
                sources: .listener,
                environment: script.environment,
                secrets: script.secrets,
                keyPath: keyPath
            ),
            diagnostics: diagnostics
        )
    }

    /// Reports keys of a map that are none of these.
    private func check(_ node: Node, _ known: [String], keyPath: String) {
        var reader = SettingsReader(node, keyPath: keyPath, diagnostics: diagnostics)
        for key in known { reader.note(key) }
        reader.finish()
    }
}
