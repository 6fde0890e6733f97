internal import JSONWire

/// The image optimizer: it answers at once with the result.
struct ImageOptimizer: Sendable {
    let timeline: Timeline
    let verdict: Verdict

    /// Starts it on a port of its own.
    func start() throws -> DemoService {
        try DemoService("/optimize") { answer($0) }
    }

    private func answer(_ request: DemoService.Request) -> DemoService.Answer {
        do {
            let body = try JSONValue.parse(request.body)
            guard let story = Story.all.first(where: { $0.imageURL == body["url"]?.string }) else {
                return .init(status: 400, json: #"{"error":"no such image"}"#)
            }
            timeline.add(
                story.name,
                "optimize",
                "run resumed",
                .blue,
                "request sent for \(story.imageURL)"
            )
            verdict.expect(
                "\(story.name): the optimizer gets the URL out of the callback",
                body,
                equals: .object(["url": .string(story.imageURL), "quality": .integer(85)])
            )
            let key = request.headers["authorization"]
            verdict.expect(
                "\(story.name): the optimizer gets its key from the environment",
                key == "Bearer \(Keys.optimizer)",
                otherwise: key ?? "none"
            )
            Terminal.pause(milliseconds: 150)
            let result: JSONValue = .object([
                "url": .string(story.optimizedURL),
                "original_size": .integer(Int64(story.bytes.original)),
                "compressed_size": .integer(Int64(story.bytes.compressed)),
            ])
            return .init(status: 200, json: result.jsonText)
        } catch {
            verdict.fail("the optimizer gets JSON", error)
            return .init(status: 400)
        }
    }
}
