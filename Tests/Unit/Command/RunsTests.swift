import JSONWire
import TestKit
import Testing

/// The commands for runs against a service that answers as the controller does.
@Suite struct RunsTests {
    private static let id = "01a1fd8c-6900-7c3e-8b1d-5f0a9c2e7d41"
    private static let waiting = """
        {"task_id":"\(id)","status":"waiting","workflow_id":"ask","started_at":"2026-01-01T00:00:00.000Z",
        "waiting":[{"step":"ask","keys":["img-1"],"until":"2026-01-02T00:00:00.000Z"}]}
        """
    private static let failed = """
        {"task_id":"\(id)","status":"failed","workflow_id":"ask","error":{"code":"http_status",
        "message":"POST http://x answered 500","step":"ask","attempt":2,"component":"c"}}
        """

    private func runs(
        _ arguments: [String],
        _ service: ScriptedService,
        environment: [String: String] = [:]
    ) throws -> Sluice {
        try Sluice(
            ["runs"] + arguments + ["--url", "\(service.url)/api/"],
            environment: environment
        )
    }

    @Test func `a list is a table, and asks for what is wanted`() throws {
        let service = try ScriptedService { _ in
            .json(200, #"{"tasks":[\#(Self.waiting),\#(Self.failed)],"next_cursor":"abc"}"#)
        }
        let result = try runs(
            ["list", "--status", "waiting,failed", "--workflow", "a b", "--limit", "2"],
            service,
            environment: ["SLUICE_TOKEN": "t0ken"]
        )
        #expect(result.status == .exited(0))
        let lines = result.output.split(separator: "\n")
        #expect(lines[0].hasPrefix("RUN  "))
        #expect(lines[1].hasSuffix("2026-01-01T00:00:00.000Z  ask waits for img-1"))
        #expect(lines[2].hasSuffix("http_status in ask"))
        #expect(lines[3] == "There are more: --cursor abc")
        let request = try #require(service.requests.first)
        #expect(request.target == "/api/tasks?status=waiting,failed&workflow_id=a%20b&limit=2")
        #expect(request.headers["authorization"] == "Bearer t0ken")
    }

    @Test func `an empty list says so`() throws {
        let service = try ScriptedService { _ in .json(200, #"{"tasks":[]}"#) }
        #expect(try runs(["list"], service).output == "There are no such runs.")
        #expect(try runs(["list", "--json"], service).json["tasks"] == .array([]))
    }

    @Test func `a run is shown with what it waits for`() throws {
        let service = try ScriptedService { _ in .json(200, Self.waiting) }
        let result = try runs(["show", Self.id], service)
        #expect(result.output.contains("status    waiting"))
        #expect(
            result.output.contains("waits     ask for img-1 until 2026-01-02T00:00:00.000Z")
        )
        #expect(try runs(["show", Self.id, "--json"], service).json["status"]?.string == "waiting")
        #expect(service.requests.first?.target == "/api/tasks/\(Self.id)")
    }

    @Test func `a run is shown with the event that started it`() throws {
        let event = #"{"event":{"event_id":"evt-1","name":"order.created","source":"/shop"},"#
        let service = try ScriptedService { _ in
            .json(200, event + Self.waiting.dropFirst())
        }
        let output = try runs(["show", Self.id], service).output
        #expect(output.contains("\nevent     order.created evt-1 from /shop\n"), "\(output)")
        let other = try ScriptedService { _ in .json(200, Self.waiting) }
        #expect(try !runs(["show", Self.id], other).output.contains("event"))
    }

    @Test func `a failed run is shown with its failure`() throws {
        let service = try ScriptedService { _ in .json(200, Self.failed) }
        let result = try runs(["show", Self.id, "--history"], service)
        #expect(
            result.output.contains(
                "error     http_status: POST http://x answered 500 (step ask, attempt 2, component c)"
            )
        )
        #expect(service.requests.first?.query == "history=true")
    }

    private static let whole = """
        {"task_id":"\(id)","status":"running","workflow_id":"ask","started_at":"2026-01-01T00:00:00.000Z",
        "input":{"work":"a lighthouse"},"steps":[
        {"id":"ask","status":"completed","attempt":2,"component":"worker",
        "started_at":"2026-01-01T00:00:00.000Z","ended_at":"2026-01-01T00:01:01.500Z","output":{"n":1}},
        {"id":"each","status":"running","attempt":1,"started_at":"2026-01-01T00:01:01.500Z",
        "items":{"total":50,"completed":12,"failed":1,"running":0,"waiting":5}},
        {"id":"last","status":"pending","attempt":0}]}
        """

    @Test func `a run is shown with its input and a table of its steps`() throws {
        let service = try ScriptedService { _ in .json(200, Self.whole) }
        let result = try runs(["show", Self.id, "--outputs", "--history"], service)
        #expect(service.requests.first?.query == "history=true&step_outputs=true")
        let lines = result.output.split(separator: "\n").map(String.init)
        #expect(result.output.contains("input\n{\n  \"work\": \"a lighthouse\"\n}"))
        let head = try #require(lines.first { $0.hasPrefix("  STEP") })
        #expect(
            head.split(separator: " ") == [
                "STEP", "STATUS", "ATTEMPT", "COMPONENT", "STARTED", "TOOK", "ITEMS",
            ]
        )
        let ask = try #require(lines.first { $0.hasPrefix("  ask ") })
        #expect(
            ask.split(separator: " ") == [
                "ask", "completed", "2", "worker", "2026-01-01T00:00:00.000Z", "1m1s500ms",
            ]
        )
        #expect(lines.contains { $0.hasSuffix("12 of 50 completed, 1 failed, 5 waiting") })
        #expect(result.output.contains("output of ask\n{\n  \"n\": 1\n}"))
    }

    @Test func `the beginning of an id is enough where one run has it`() throws {
        let service = try ScriptedService { request in
            request.path.hasSuffix("/tasks")
                ? .json(200, #"{"tasks":[\#(Self.waiting)]}"#) : .json(200, Self.waiting)
        }
        let result = try runs(["show", "01A1FD8C-69"], service)
        #expect(result.status == .exited(0), "\(result.errors)")
        #expect(
            service.requests.map(\.target) == [
                "/api/tasks?id_prefix=01a1fd8c-69&limit=5", "/api/tasks/\(Self.id)",
            ]
        )
        let none = try ScriptedService { _ in .json(200, #"{"tasks":[]}"#) }
        #expect(try runs(["show", "01"], none).errors.contains("There is no run 01…"))
        let two = try ScriptedService { _ in
            .json(200, #"{"tasks":[\#(Self.waiting),\#(Self.waiting)],"next_cursor":"x"}"#)
        }
        let several = try runs(["cancel", "01a1"], two)
        #expect(several.status == .exited(1))
        #expect(several.errors.contains("Several runs begin with 01a1: \(Self.id), "))
        #expect(two.requests.count == 1)
    }

    @Test func `a run is started, and waited for where that is wanted`() throws {
        let service = try ScriptedService { request in
            .json(200, request.text.contains("true") ? Self.failed : Self.waiting)
        }
        let result = try runs(
            ["start", "ask", "-i", #"{"a":1}"#, "--idempotency-key", "k\"1", "--session", "s"],
            service
        )
        #expect(result.status == .exited(0), "\(result.errors)")
        let request = try #require(service.requests.first)
        #expect(request.route == "POST /api/workflows/runs")
        #expect(
            request.text
                == #"{"wait_for_completion":false,"workflow_id":"ask","session_id":"s","input":{"a":1}}"#
        )
        #expect(request.headers["idempotency-key"] == #""k\"1""#)
        #expect(try runs(["start", "--wait"], service).status == .exited(1))
    }

    @Test func `all failed runs are retried, page by page, and each refusal is told`() throws {
        let other = "01a1fd8c-6900-7c3e-8b1d-5f0a9c2e7d42"
        let service = try ScriptedService { request in
            if request.route == "GET /api/tasks" {
                return request.query.contains("cursor=next")
                    ? .json(200, #"{"tasks":[{"task_id":"\#(other)"}]}"#)
                    : .json(200, #"{"tasks":[\#(Self.failed)],"next_cursor":"next"}"#)
            }
            return request.target.contains(other)
                ? .json(409, #"{"code":"task_not_failed","detail":"The run has not failed."}"#)
                : .json(200, Self.waiting)
        }
        let result = try runs(["retry", "--all", "--workflow", "ask", "--since", "1h"], service)
        #expect(result.status == .exited(1))
        #expect(result.output == "1 run was retried, 1 could not be.")
        #expect(result.errors.contains("\(other) was not retried: The run has not failed."))
        #expect(
            service.requests.first?.target
                == "/api/tasks?status=failed&limit=500&workflow_id=ask&since=1h"
        )
        let json = try runs(["retry", "--all", "--json"], service).json
        #expect(json["retried"] == .array([.string(Self.id)]))
    }

    @Test func `a run is cancelled`() throws {
        let service = try ScriptedService { _ in
            .json(200, #"{"task_id":"\#(Self.id)","status":"cancelled","workflow_id":"ask"}"#)
        }
        let result = try runs(["cancel", Self.id, "--no-wait"], service)
        #expect(result.output.contains("status    cancelled"))
        #expect(service.requests.first?.route == "POST /api/tasks/\(Self.id)/cancel")
        #expect(service.requests.first?.query == "wait_for_completion=false")
    }

    private static let asking = """
        {"task_id":"\(id)","status":"interrupted","workflow_id":"ask",
        "interrupts":[{"interrupt_id":"pay.before","job_id":"pay","message":"Pay?"}]}
        """

    @Test func `the only question is answered`() throws {
        let service = try ScriptedService { _ in .json(200, Self.asking) }
        let result = try runs(["resume", Self.id, "-d", #"{"ok":true}"#], service)
        #expect(result.status == .exited(0), "\(result.errors)")
        #expect(result.output.contains("asks      pay.before: Pay?"))
        #expect(service.requests.last?.route == "POST /api/tasks/\(Self.id)/resume")
        #expect(service.requests.last?.text == #"{"answer":{"pay.before":{"ok":true}}}"#)
    }

    @Test func `a question that is not asked is refused`() throws {
        let service = try ScriptedService { _ in .json(200, Self.asking) }
        let other = try runs(["resume", Self.id, "--interrupt", "x"], service)
        #expect(other.status == .exited(1))
        #expect(other.errors.contains("The run does not ask `x`; it asks pay.before"))
        let none = try ScriptedService { _ in .json(200, Self.waiting) }
        let idle = try runs(["resume", Self.id], none)
        #expect(idle.errors.contains("The run asks nothing; it is waiting."))
        #expect(none.requests.count == 1)
    }

    private static func stream(_ text: String) -> ScriptedAnswer {
        var answer = ScriptedAnswer(status: 200)
        answer.headers = [("Content-Type", "text/event-stream")]
        answer.body = Array(text.utf8)
        return answer
    }

    private static let begin = """
        id: 1\r\nevent: run_started\r\ndata: {"number":1,"time":"T1","kind":"run_started"}\r\n\r\n: here\n
        """

    @Test func `a run is watched to its end, over a stream that breaks`() throws {
        let service = try ScriptedService { request in
            if request.headers["last-event-id"] == nil { return Self.stream(Self.begin) }
            return Self.stream(
                "id: 2\nevent: step_failed\n"
                    + #"data: {"time":"T2","kind":"step_failed","step":"ask","attempt":2,"#
                    + "\ndata: \"error\":{\"code\":\"http_status\",\"message\":\"no\"}}\n\n"
                    + "id: 3\nevent: end\ndata: "
                    + Self.failed.split(separator: "\n").joined() + "\n\n"
            )
        }
        let result = try runs(["watch", Self.id], service)
        #expect(result.status == .exited(1))
        #expect(result.output.contains("T1  run started\n"))
        #expect(result.output.contains("T2  step failed  ask  (attempt 2)  http_status: no"))
        #expect(result.output.contains("status    failed"))
        #expect(service.requests.last?.headers["last-event-id"] == "1")
        let json = try runs(["watch", Self.id, "--json"], service)
        let lines = try json.output.split(separator: "\n").map { try JSONValue.parse(String($0)) }
        #expect(lines.map { $0["event"]?.string } == ["run_started", "step_failed", "end"])
    }

    @Test func `pieces of an answer are told as they come, and so are those that are lost`() throws
    {
        let service = try ScriptedService { _ in
            Self.stream(
                "event: chunk\ndata: {\"kind\":\"chunk\",\"step\":\"ask\",\"attempt\":1,"
                    + "\"data\":\"Hel\"}\n\nevent: chunks_lost\ndata: {\"lost\":3}\n\n"
                    + "event: chunk\ndata: {\"kind\":\"chunk\",\"step\":\"ask\",\"attempt\":2,"
                    + "\"data\":{\"t\":1}}\n\nid: 3\nevent: end\ndata: "
                    + Self.failed.split(separator: "\n").joined() + "\n\n"
            )
        }
        let result = try runs(["watch", Self.id], service)
        #expect(result.output.contains("chunk  ask  Hel\n(3 pieces came too fast)\n"))
        #expect(result.output.contains("chunk  ask  (attempt 2)  {\"t\":1}\n"))
    }

    @Test func `a stream without news is given up`() throws {
        let service = try ScriptedService { _ in Self.stream(": nothing\n\n") }
        let result = try runs(["watch", Self.id], service)
        #expect(result.status == .exited(1))
        #expect(result.errors.contains("The controller closed the stream early"))
    }

    private static let unknown =
        #"{"code":"task_unknown","detail":"There is no task with this id."}"#

    @Test(arguments: [
        (["show", id], 404, unknown, "sluice: There is no such run; sluice runs list shows"),
        (["watch", id], 404, #"{"code":"not_found"}"#, "it has no GET /tasks/{id}/events"),
        (["watch", id], 404, unknown, "There is no such run"),
        (["retry", id], 404, #"{"code":"not_found"}"#, "it has no POST /tasks/{id}/retry"),
        (["list"], 401, "{}", "The controller wants a token: set SLUICE_TOKEN, or give --token"),
        (["list", "--token", "t"], 401, "{}", "The controller does not take this token"),
        (["list"], 500, "<html>", "The controller answered 500"),
    ])
    func `a refusal is told in a sentence`(
        _ arguments: [String],
        _ status: Int,
        _ body: String,
        _ message: String
    ) throws {
        let service = try ScriptedService { _ in .json(status, body) }
        let result = try runs(arguments, service)
        #expect(result.status == .exited(1))
        #expect(result.errors.contains(message), "\(result.errors)")
        #expect(result.output == "")
    }

    @Test(arguments: [
        (["show"], "This command takes the id of one run"),
        (["show", "../x"], "`../x` is not a run's id"), (["show", "01g"], "is not a run's id"),
        (["retry", id, "--since", "1h"], "--since goes with --all"),
        (["retry", id, "--all"], "one run's id, or --all"),
        (["start", "a", "b"], "`runs start` takes one workflow"),
        (["start", "-i", "{"], "The value of -i is not JSON"),
        (["list", "--status", "done"], "There is no status `done`"),
        (["list", "x"], "`runs list` takes no operand"),
        (["resume", id, "-d", "{"], "The value of -d is not JSON"),
    ])
    func `wrong words have the exit code 2`(_ arguments: [String], _ message: String) throws {
        let service = try ScriptedService { _ in .json(200, "{}") }
        let result = try runs(arguments, service)
        #expect(result.status == .exited(2))
        #expect(result.errors.contains(message))
        #expect(service.requests.isEmpty)
    }

    @Test func `nobody there is told with the address`() throws {
        let result = try Sluice(["runs", "list", "--url", "http://127.0.0.1:\(FreePorts.next())"])
        #expect(result.status == .exited(1))
        #expect(result.errors.contains("No controller answers at http://127.0.0.1:"))
        #expect(
            try Sluice(["runs", "list", "--url", "localhost"]).errors.contains("--url wants a URL")
        )
    }
}
