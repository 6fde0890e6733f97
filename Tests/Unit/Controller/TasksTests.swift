import JSONWire
import TestKit
import Testing

@Suite struct TasksTests {
    @Test func `runs are listed newest first, page by page`() throws {
        let fixture = try ControllerFixture()
        var ids: [String] = []
        for number in 0..<7 {
            ids.append(try fixture.begin("held", input: #"{"key":"\#(number)"}"#))
        }
        var seen: [String] = []
        var cursor = ""
        var pages = 0
        repeat {
            let page = try fixture.api.get("/tasks?limit=3\(cursor)").json
            seen += (page["tasks"]?.elements ?? []).compactMap { $0["task_id"]?.string }
            cursor = page["next_cursor"]?.string.map { "&cursor=\($0)" } ?? ""
            pages += 1
        } while !cursor.isEmpty && pages < 10
        #expect(seen == ids.sorted().reversed())
        #expect(Set(seen) == Set(ids))
        #expect(pages == 3)
    }

    @Test func `a list is filtered by state, workflow, session and time`() throws {
        let fixture = try ControllerFixture()
        let held = try fixture.begin("held", input: #"{"key":"a"}"#, more: #","session_id":"s""#)
        let quick = try fixture.begin("quick")
        try fixture.wait(for: "completed", of: quick)
        try fixture.wait(for: "waiting", of: held)
        func listed(_ query: String) throws -> [String] {
            let reply = try fixture.api.get("/tasks?\(query)")
            #expect(reply.status == 200, "\(reply.text)")
            return (reply.json["tasks"]?.elements ?? []).compactMap { $0["task_id"]?.string }
        }
        #expect(try listed("status=waiting") == [held])
        #expect(try listed("status=completed,failed") == [quick])
        #expect(try listed("status=waiting,completed").count == 2)
        #expect(try listed("workflow_id=quick") == [quick])
        #expect(try listed("session_id=s") == [held])
        #expect(try listed("session_id=t") == [])
        #expect(try listed("since=2020-01-01T00:00:00Z").count == 2)
        #expect(try listed("since=2100-01-01") == [])
        #expect(try listed("since=10m").count == 2)
        #expect(try listed("until=2100-01-01").count == 2)
        #expect(try listed("until=10m") == [])
        #expect(try listed("id_prefix=\(held)") == [held])
        #expect(try listed("id_prefix=\(held.prefix(30))").contains(held))
        #expect(try listed("id_prefix=f") == [])
    }

    @Test func `a run is told with its times, its input and its steps`() throws {
        let fixture = try ControllerFixture()
        let id = try fixture.begin("quick", input: #"{"word":"hi"}"#)
        try fixture.wait(for: "completed", of: id)
        let run = try fixture.api.get("/tasks/\(id)").json
        #expect(run["input"] == .object(["word": .string("hi")]))
        #expect(run["started_at"]?.string?.hasSuffix("Z") == true)
        #expect(run["ended_at"]?.string?.hasSuffix("Z") == true)
        let step = try #require(run["steps"]?.elements.first)
        #expect(step["id"]?.string == "say")
        #expect(step["status"]?.string == "completed")
        #expect(step["attempt"] == .integer(1))
        #expect(step["component"]?.string == "say")
        #expect(step["started_at"]?.string?.hasSuffix("Z") == true)
        #expect(step["ended_at"]?.string?.hasSuffix("Z") == true)
        #expect(step["output"] == nil)
        let whole = try fixture.api.get("/tasks/\(id)?step_outputs=true&history=true").json
        #expect(
            whole["steps"]?.elements.first?["output"]
                == .object(["word": .string("hi"), "count": .integer(3)])
        )
        #expect(whole["history"]?.elements.isEmpty == false)
    }

    @Test func `the items of a for-each step are counted while they are under way`() throws {
        let fixture = try ControllerFixture(
            """
            listener: { type: http-callback, port: LISTENER, path: /done, identify_by: "${body.id}" }
            component: { id: say, type: logger, message: "${input}", output: "${input}" }
            workflows:
              - { id: one, jobs: [ { id: hold, type: wait, wait_for: "${input}" } ] }
              - id: all
                jobs:
                  - id: each
                    type: for-each
                    input: [ a, b, c, d ]
                    batch_size: 3
                    do: { type: wait, wait_for: "item-${item}" }
            """
        )
        let id = try fixture.begin("all")
        try fixture.wait(for: "waiting", of: id)
        let listener = HTTPProbe(port: fixture.listenerPort)
        _ = try listener.post("/done", json: #"{"id":"item-b"}"#)
        try eventually("the second item has ended") {
            let steps = try fixture.api.get("/tasks/\(id)").json["steps"]?.elements ?? []
            return steps.count == 1
                && steps[0]["items"]
                    == .object([
                        "total": .integer(4), "completed": .integer(1), "failed": .integer(0),
                        "running": .integer(0), "waiting": .integer(3),
                    ])
        }
    }

    @Test func `a line of a list has the start and no output`() throws {
        let fixture = try ControllerFixture()
        let id = try fixture.begin("quick")
        try fixture.wait(for: "completed", of: id)
        let line = try #require(try fixture.api.get("/tasks").json["tasks"]?.elements.first)
        #expect(line["started_at"]?.string?.hasSuffix("Z") == true)
        #expect(line["output"] == nil)
        #expect(line["status"] == .string("completed"))
    }

    @Test(arguments: [
        "status=done", "since=yesterday", "until=10", "id_prefix=x", "id_prefix=", "limit=0",
        "limit=1001", "limit=x", "cursor=1", "page=2",
    ]) func `a query that is wrong is refused`(_ query: String) throws {
        let fixture = try ControllerFixture()
        let reply = try fixture.api.get("/tasks?\(query)")
        #expect(reply.status == 422)
        #expect(reply.json["code"] == .string("input_invalid"))
    }

    @Test func `the output alone is told as the run stands`() throws {
        let fixture = try ControllerFixture()
        let held = try fixture.begin("held", input: #"{"key":"a"}"#)
        let open = try fixture.api.get("/tasks/\(held)?output_only=true")
        #expect(open.status == 202)
        #expect(open.json["task_id"] == .string(held))
        _ = try fixture.api.post("/tasks/\(held)/cancel", json: "{}")
        let cancelled = try fixture.api.get("/tasks/\(held)?output_only=1")
        #expect(cancelled.status == 409)
        #expect(cancelled.json["code"] == .string("cancelled"))
        let quick = try fixture.begin("quick")
        try fixture.wait(for: "completed", of: quick)
        #expect(
            try fixture.api.get("/tasks/\(quick)?output_only=true").text
                == #"{"said":"hello","count":3,"fixed":1}"#
        )
        let broken = try fixture.begin("broken", input: #"{"word":"x"}"#)
        try fixture.wait(for: "failed", of: broken)
        let failed = try fixture.api.get("/tasks/\(broken)?output_only=true")
        #expect(failed.status == 500)
        #expect(failed.json["code"] == failed.json["error"]?["code"])
        #expect(try fixture.api.get("/tasks/\(quick)?output_only=maybe").status == 422)
    }

    @Test(arguments: ["nonsense", "01a1fd8c-6900-7c3e-8b1d-5f0a9c2e7d41"])
    func `an unknown run is told`(_ id: String) throws {
        let fixture = try ControllerFixture()
        for reply in [
            try fixture.api.get("/tasks/\(id)"), try fixture.api.get("/tasks/\(id)/events"),
            try fixture.api.post("/tasks/\(id)/cancel", json: "{}"),
            try fixture.api.post("/tasks/\(id)/resume", json: "{}"),
        ] {
            #expect(reply.status == 404)
            #expect(reply.json["code"] == .string("task_unknown"))
        }
    }

    @Test func `a run is cancelled once`() throws {
        let fixture = try ControllerFixture()
        let first = try fixture.begin("held", input: #"{"key":"a"}"#)
        let reply = try fixture.api.send("POST", "/tasks/\(first)/cancel")
        #expect(reply.status == 200)
        #expect(reply.json["status"] == .string("cancelled"))
        let again = try fixture.api.send("POST", "/tasks/\(first)/cancel")
        #expect(again.status == 409)
        #expect(again.json["code"] == .string("task_finished"))
        let second = try fixture.begin("held", input: #"{"key":"b"}"#)
        let hurried = try fixture.api.send(
            "POST",
            "/tasks/\(second)/cancel?wait_for_completion=false"
        )
        #expect(hurried.status == 200)
        try fixture.wait(for: "cancelled", of: second)
        let wrong = try fixture.api.send(
            "POST",
            "/tasks/\(second)/cancel?wait_for_completion=later"
        )
        #expect(wrong.status == 422)
    }
}
