internal import JSONWire
internal import Primitives

/// The image generator: it answers 202 and calls back when the image is there.
struct ImageGenerator: Sendable {
    let timeline: Timeline
    let verdict: Verdict
    /// What it calls back with.
    let client: DemoClient

    /// Starts it on a port of its own.
    func start() throws -> DemoService {
        try DemoService("/v1/generate") { answer($0) }
    }

    private func answer(_ request: DemoService.Request) -> DemoService.Answer {
        do {
            let body = try JSONValue.parse(request.body)
            guard let story = Story.all.first(where: { $0.prompt == body["prompt"]?.string }),
                let callbackURL = body["callback_url"]?.string,
                let givenID = body["task_id"]?.string
            else { return .init(status: 400, json: #"{"error":"not what an image needs"}"#) }
            check(request, body, story, givenID: givenID)
            timeline.add(
                story.name,
                "generate",
                "request sent",
                .blue,
                "asks for a callback to \(callbackURL), key \(givenID)"
            )
            return answer(Call(story: story, url: callbackURL, givenID: givenID))
        } catch {
            verdict.fail("the generator gets JSON", error)
            return .init(status: 400)
        }
    }

    private func check(
        _ request: DemoService.Request,
        _ body: JSONValue,
        _ story: Story,
        givenID: String
    ) {
        let key = request.headers["authorization"]
        verdict.expect(
            "\(story.name): the generator gets its key from the environment",
            key == "Bearer \(Keys.generator)",
            otherwise: key ?? "none"
        )
        let type = request.headers["content-type"]
        verdict.expect(
            "\(story.name): a map is sent as JSON",
            type == "application/json",
            otherwise: type ?? "none"
        )
        verdict.expect(
            "\(story.name): the size asked for, or the default",
            body["size"],
            equals: .string(story.size ?? "1024x1024")
        )
        let idempotencyKey = request.headers["idempotency-key"]
        verdict.expect(
            "\(story.name): the request can be recognised when it is repeated",
            idempotencyKey == givenID,
            otherwise: idempotencyKey ?? "none"
        )
    }

    /// One call for an image: how to answer it, and where to call back.
    private struct Call: Sendable {
        let story: Story
        let url: String
        let givenID: String
    }

    private func answer(_ call: Call) -> DemoService.Answer {
        let story = call.story
        let accepted = #"{"task_id":"\#(story.image)","status":"queued"}"#
        switch story.behaviour {
        case .progressThenResult:
            return .init(status: 202, json: accepted) {
                Terminal.pause(milliseconds: 300)
                send(call, key: story.image, status: "processing", expect: 200, "progress")
                Terminal.pause(milliseconds: 500)
                send(call, key: story.image, status: "completed", expect: 200, "delivered")
            }
        case .resultBeforeAnswer:
            send(call, key: story.image, status: "completed", expect: 202, "held")
            Terminal.pause(milliseconds: 200)
            timeline.add(story.name, "generate", "answer 202", .blue, "key \(story.image)")
            return .init(status: 202, json: accepted)
        case .resultTwice:
            return .init(status: 202, json: accepted) { sendTwice(call) }
        case .resultUnderGivenID:
            return .init(status: 202) {
                Terminal.pause(milliseconds: 400)
                send(call, key: call.givenID, status: "success", expect: 200, "delivered")
            }
        case .failure:
            return .init(status: 202, json: accepted) {
                Terminal.pause(milliseconds: 600)
                send(call, key: story.image, status: "error", expect: 200, "delivered")
            }
        }
    }

    /// Sends the same callback on two connections at once, and later one that contradicts it.
    private func sendTwice(_ call: Call) {
        Terminal.pause(milliseconds: 700)
        let twin = SleepingLock<JSONValue?>(nil)
        let thread = WorkerThread(name: "service") {
            let body = post(call, key: call.story.image, status: "completed")?.body
            twin.withLock { $0 = body }
        }
        let first = post(call, key: call.story.image, status: "completed")?.body
        thread.join()
        let both = [first, twin.withLock { $0 }]
        let repeated = both.filter { $0?["duplicate"] == .bool(true) }
        verdict.expect(
            "\(call.story.name): of two equal callbacks at once, one is the duplicate",
            repeated.count == 1 && both.allSatisfy { $0?["status"] == .string("delivered") },
            otherwise: both.map { $0?.jsonText ?? "nothing" }.joined(separator: ", ")
        )
        Terminal.pause(milliseconds: 300)
        let late = post(call, key: call.story.image, status: "failed")
        verdict.expect(
            "\(call.story.name): another outcome for an answered key is refused",
            late?.status == 409 && late?.body?["code"] == .string("callback_answered"),
            otherwise: "\(late?.status ?? 0) \(late?.body?.jsonText ?? "")"
        )
    }

    private func send(
        _ call: Call,
        key: String,
        status: String,
        expect code: Int,
        _ word: String
    ) {
        let reply = post(call, key: key, status: status)
        verdict.expect(
            "\(call.story.name): the callback '\(status)' is answered \(code) \(word)",
            reply?.status == code && reply?.body?["status"] == .string(word),
            otherwise: "\(reply?.status ?? 0) \(reply?.body?.jsonText ?? "")"
        )
    }

    /// Calls back, and gives the answer; nil, with the verdict failed, when there is none.
    private func post(
        _ call: Call,
        key: String,
        status: String
    ) -> (status: Int, body: JSONValue?)? {
        let output: JSONValue = .object([
            "url": .string(call.story.imageURL), "width": .integer(1024), "height": .integer(768),
        ])
        var message: JSONObject = ["task_id": .string(key), "status": .string(status)]
        if status == "completed" || status == "success" { message["output"] = output }
        do {
            let reply = try client.post(call.url, .object(message))
            let body = reply.body
            let word = body["status"]?.string ?? body["code"]?.string ?? ""
            let again = body["duplicate"] == .bool(true) ? ", a duplicate" : ""
            timeline.add(
                call.story.name,
                "generate",
                "callback",
                .yellow,
                "\(status), key \(key): answered \(reply.status) \(word)\(again)"
            )
            return (reply.status, body)
        } catch {
            verdict.fail("\(call.story.name): a callback is answered", error)
            return nil
        }
    }
}
