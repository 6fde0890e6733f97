import Documents
import Testing

/// Every suggestion is one that works: put in where the finding points, it leaves no error.
@Suite struct SuggestionTests {
    static let tail = """

        component: { id: c, type: http-client, endpoint: "http://h/x", body: {} }
        workflow: { id: w, jobs: [ { id: a, component: c } ] }
        """

    static let mistakes: [String] = [
        // Keys.
        "listner:\n  path: /a\n  identify_by: ${body.id}" + tail,
        "listener:\n  pth: /a\n  identify_by: ${body.id}" + tail,
        "listener:\n  path: /a\n  identifyby: ${body.id}" + tail,
        "listener:\n  path: /a\n  identify_by: ${body.id}\n  max_concurent_count: 3" + tail,
        "server: { thread: 2 }" + tail,
        "controler: { port: 8080 }" + tail,
        "controller: { adapter: { prot: 8080 } }" + tail,
        "compnent: { id: c, type: http-client, endpoint: 'http://h/x' }\nworkflow: { jobs: [ { component: c } ] }",
        "component: { id: c, type: shell, comand: [ls] }\nworkflow: { jobs: [ { component: c } ] }",
        "component: { id: c, type: http-client, endpont: 'http://h/x' }\nworkflow: { jobs: [ { component: c } ] }",
        "component: { id: c, endpoint: 'http://h/x' }\nworkflow: { job: [ { component: c } ] }",
        "component: { id: c, endpoint: 'http://h/x' }\nworkflow: { jobs: [ { component: c, retry: { max_attemps: 2 } } ] }",
        "component: { id: c, endpoint: 'http://h/x' }\nworkflow: { jobs: [ { component: c, depend_on: [] } ] }",
        "component: { type: delay }\nworkflow: { jobs: [ { type: loop, do: { input: 1 }, untill: '${output.done}' } ] }",
        // Words.
        "listener:\n  type: http-calback\n  path: /a\n  identify_by: ${body.id}" + tail,
        "listener:\n  path: /a\n  method: PSOT\n  identify_by: ${body.id}" + tail,
        "listener:\n  path: a\n  identify_by: ${body.id}" + tail,
        "listener:\n  path: /%61\n  identify_by: ${body.id}" + tail,
        "listener:\n  path: /a\n  base_path: hooks\n  identify_by: ${body.id}" + tail,
        "listener:\n  path: /a\n  bulk: yes\n  identify_by: ${body.id}" + tail,
        "listener:\n  path: /a\n  unmatched: rejct\n  identify_by: ${body.id}" + tail,
        "listener:\n  path: /a\n  host: http://localhost:8090/\n  identify_by: ${body.id}" + tail,
        "log: { level: warn }" + tail, "log: { level: err }" + tail, "log: { format: jsn }" + tail,
        "store: sqlit" + tail, "store: { type: memry }" + tail,
        "controller: { base_path: api }" + tail,
        "controller: { adapter: { type: mcp-server } }" + tail,
        "controller: { runtime: natve }" + tail,
        "gateway: { type: publik, url: 'https://h.example', port: 8090 }" + tail,
        "component: { id: c, type: http_client, endpoint: 'http://h/x' }\nworkflow: { jobs: [ { component: c } ] }",
        "component: { id: c, endpoint: 127.0.0.1:26100/x }\nworkflow: { jobs: [ { component: c } ] }",
        "component: { id: c, endpoint: api.example.com/x }\nworkflow: { jobs: [ { component: c } ] }",
        "component: { id: c, endpoint: 'http://h/x', method: PTS }\nworkflow: { jobs: [ { component: c, retry: { backoff: exponental } } ] }"
            .replacing(", method: PTS", with: ""),
        "component: { id: c, endpoint: 'http://h/x', method: GTE }\nworkflow: { jobs: [ { component: c } ] }",
        "component: { id: c, endpoint: 'http://h/x', completion: calback }\nworkflow: { jobs: [ { component: c } ] }",
        "component: { id: c, type: shell, command: ls -l }\nworkflow: { jobs: [ { component: c } ] }",
        "component: { id: c, endpoint: 'http://h/x' }\nworkflow: { jobs: [ { type: for_each, input: [1], do: { component: c } } ] }",
        "component: { id: c, endpoint: 'http://h/x' }\nworkflow: { jobs: [ { component: c, retry: { max_attempts: 2, on: http_statu } } ] }",
        "component: { id: c, endpoint: 'http://h/x' }\nworkflow: { jobs: [ { component: c, on_error: ignroe } ] }",
        // Names.
        "component: { id: worker, endpoint: 'http://h/x' }\nworkflow: { jobs: [ { component: wroker } ] }",
        "component: { id: c, base_url: 'http://h', actions: [ { id: send, path: /a }, { id: fetch, path: /b } ] }\nworkflow: { jobs: [ { component: c, action: fecth } ] }",
        "component: { id: c, endpoint: 'http://h/x' }\nworkflow: { jobs: [ { id: first, component: c }, { id: b, component: c, depends_on: [ frist ] } ] }",
        "component: { id: c, endpoint: 'http://h/x' }\nworkflow: { jobs: [ { id: first, type: if, input: 1, value: 1, if_true: secnd }, { id: second, component: c } ] }",
        "listener:\n  path: /start\n  workflow: delpoy\ncomponent: { id: c, endpoint: 'http://h/x' }\nworkflow: { id: deploy, jobs: [ { component: c } ] }",
    ]

    @Test(arguments: mistakes) func `a suggestion that is put in leaves no error`(text: String) {
        let findings = Loading(text).diagnostics.all.filter { $0.severity == .error }
        #expect(findings.count == 1, "\(findings.map(\.message))")
        guard let finding = findings.first, let suggestion = finding.suggestion else {
            Issue.record("no suggestion: \(findings.map(\.message))")
            return
        }
        let mended = Self.put(suggestion, into: text, at: finding)
        let left = Loading(mended).diagnostics.all.filter { $0.severity == .error }
        #expect(left.map(\.message) == [], "\(mended)")
    }

    @Test(
        arguments: [
            ("identify_by: body.task_id", "${body.task_id}"), ("identify_by: id", "${body.id}"),
            ("identify_by: body.results[0]", "${body.results[0]}"),
            ("identify_by: \"{{body.id}}\"", "${body.id}"),
            ("identify_by: ${body.id}\n  status: body.status", "${body.status}"),
            ("identify_by: ${body.id}\n  status: status", "${body.status}"),
            ("identify_by: ${body.id}\n  result: body.data.url", "${body.data.url}"),
            ("identify_by: ${body.id}\n  result: done", nil),
        ] as [(String, String?)]
    )
    func `a constant in the place of an expression is told with the expression`(
        keys: String,
        suggestion: String?
    ) {
        let text =
            "listener:\n  path: /a\n  \(keys)\nworkflow: { jobs: [ { type: wait, wait_for: x } ] }"
        let warnings = Loading(text).diagnostics.all.filter {
            $0.severity == .warning && $0.message.contains("constant")
        }
        guard let suggestion else {
            #expect(warnings.allSatisfy { $0.suggestion == nil })
            return
        }
        #expect(warnings.map(\.suggestion) == [suggestion])
        guard let warning = warnings.first else { return }
        let mended = Loading(Self.put(suggestion, into: text, at: warning))
        #expect(!mended.diagnostics.all.contains { $0.message.contains("constant") })
    }

    /// The text with what stands at a finding's place replaced.
    private static func put(
        _ suggestion: String,
        into text: String,
        at finding: Diagnostic
    ) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(Array.init)
        let row = finding.position.line - 1
        let column = finding.position.column - 1
        var end = column
        let line = lines[row]
        // A list under a key that takes one thing is told at the list; the key stands before it.
        if line[column] == "[", finding.message.contains("a list, expected a map") {
            let key = Array("job:")
            let start = (0...column - key.count).last { Array(line[$0..<$0 + key.count]) == key }
            guard let start else { return text }
            lines[row].replaceSubrange(start..<start + 3, with: Array(suggestion))
            return lines.map { String($0) }.joined(separator: "\n")
        }
        if line[column] == "'" || line[column] == "\"" {
            end = column + 1
            while end < line.count, line[end] != line[column] { end += 1 }
            end += 1
        } else {
            while end < line.count {
                if ",}]".contains(line[end]) { break }
                if line[end] == ":", end + 1 == line.count || line[end + 1] == " " { break }
                end += 1
            }
            while end > column, line[end - 1] == " " { end -= 1 }
        }
        lines[row].replaceSubrange(column..<end, with: Array(suggestion))
        return lines.map { String($0) }.joined(separator: "\n")
    }
}
