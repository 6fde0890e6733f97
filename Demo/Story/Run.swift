internal import JSONWire
internal import Primitives

/// One run of the pipeline: started and followed through the controller.
struct Run: Sendable {
    let story: Story
    let controller: DemoClient
    let timeline: Timeline
    let verdict: Verdict

    /// Starts the run and follows it until it has ended.
    func follow() {
        do {
            let id = try start()
            let last = try watch(id)
            check(last)
        } catch {
            verdict.fail("\(story.name): the run can be followed to its end", error)
        }
    }

    private func start() throws -> String {
        var input: JSONObject = ["prompt": .string(story.prompt)]
        if let size = story.size { input["size"] = .string(size) }
        let message: JSONValue = .object([
            "input": .object(input), "wait_for_completion": .bool(false),
        ])
        let reply = try controller.post("/workflows/runs", message)
        guard reply.status == 200, let id = reply.body["task_id"]?.string else {
            throw DemoFailure("the start was answered \(reply.status) \(reply.body.jsonText)")
        }
        timeline.add(story.name, "", "run started", .blue, "run \(id): \(story.prompt)")
        return id
    }

    /// Reads the run's state until it has ended, and tells when it waits and how it ended.
    private func watch(_ id: String) throws -> JSONValue {
        var told: [JSONValue] = []
        let deadline = Instant.now().advanced(by: .seconds(30))
        while Instant.now() < deadline {
            let state = try controller.get("/tasks/\(id)").body
            switch state["status"]?.string {
            case "waiting":
                if let waiting = state["waiting"], told.last != waiting {
                    told.append(waiting)
                    tell(waiting)
                }
            case "completed":
                timeline.add(
                    story.name,
                    "",
                    "run completed",
                    .green,
                    state["output"]?.jsonText ?? ""
                )
                return state
            case "failed":
                timeline.add(story.name, "", "run failed", .red, state["error"]?.jsonText ?? "")
                return state
            default: break
            }
            Terminal.pause(milliseconds: 20)
        }
        throw DemoFailure("run \(id) did not end within 30 s")
    }

    private func tell(_ waiting: JSONValue) {
        guard case .array(let waits) = waiting else { return }
        for wait in waits {
            guard case .array(let keys) = wait["keys"] ?? .null else { continue }
            timeline.add(
                story.name,
                wait["step"]?.string ?? "",
                "waiting",
                .yellow,
                "for " + keys.compactMap(\.string).joined(separator: " or ")
                    + " until " + (wait["until"]?.string ?? "?")
            )
        }
    }

    private func check(_ state: JSONValue) {
        if story.succeeds {
            let original = Int64(story.bytes.original)
            let compressed = Int64(story.bytes.compressed)
            verdict.expect(
                "\(story.name): the output is whole, savings \(original - compressed)",
                state["output"],
                equals: .object([
                    "final_url": .string(story.optimizedURL),
                    "original_size": .integer(original), "compressed_size": .integer(compressed),
                    "savings": .integer(original - compressed),
                ])
            )
        } else {
            checkFailure(state)
        }
    }

    private func checkFailure(_ state: JSONValue) {
        verdict.expect("\(story.name): the run failed", state["status"], equals: .string("failed"))
        let error = state["error"] ?? .null
        let expected: JSONObject = [
            "code": .string("callback_failed"), "step": .string("generate"),
            "attempt": .integer(1), "component": .string("image-generator"),
        ]
        for member in expected.members {
            verdict.expect(
                "\(story.name): the error names its \(member.name)",
                error[member.name],
                equals: member.value
            )
        }
        let message = error["message"]?.string ?? ""
        verdict.expect(
            "\(story.name): the error names the key and the status",
            message.contains(story.image) && message.contains("error"),
            otherwise: message
        )
    }
}
