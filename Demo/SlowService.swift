internal import JSONWire
package import Primitives

/// A service to try callbacks with: it takes a job, answers 202, and calls back when the job is done.
///
/// `POST /jobs` with `{"callback_url": …, "work": …}` is answered `{"id": "job-1", "status": "queued"}`; after a while the
/// URL gets `{"id": "job-1", "status": "done", "result": "a lighthouse, done"}`. An `id` in the request takes the place of
/// the service's own; `"fail": true` has the job fail, with the status `failed`.
package final class SlowService: Sendable {
    private let service: DemoService

    /// What is told of each job, a line each.
    package typealias Tell = @Sendable (String) -> Void

    /// Starts the service on 127.0.0.1.
    ///
    /// - Parameters:
    ///   - port: The port; 0 takes a free one.
    ///   - delay: How long a job takes.
    ///   - tell: Hears of every job and every callback, on any thread.
    /// - Throws: What keeps it from listening, with a sentence in its `description` or `message`.
    package init(port: Int, delay: Nanoseconds, tell: @escaping Tell) throws {
        let jobs = Jobs(client: try DemoClient(), delay: delay, tell: tell)
        service = try DemoService("/jobs", port: port) { jobs.take($0) }
    }

    /// Where it is: `http://127.0.0.1:9101`.
    package var url: String { service.url }

    /// Waits for the jobs under way, and closes it.
    package func stop() {
        service.stop()
    }
}

/// The jobs of the service.
private final class Jobs: Sendable {
    private let client: DemoClient
    private let delay: Nanoseconds
    private let tell: SlowService.Tell
    private let count = Lock(0)

    init(client: DemoClient, delay: Nanoseconds, tell: @escaping SlowService.Tell) {
        self.client = client
        self.delay = delay
        self.tell = tell
    }

    func take(_ request: DemoService.Request) -> DemoService.Answer {
        let job: JSONValue
        do throws(JSONError) {
            job = try JSONValue.parse(request.body)
        } catch {
            return refusal("the body is not JSON: \(error.message)")
        }
        guard let url = job["callback_url"]?.string else {
            return refusal("callback_url is missing")
        }
        let number = count.withLock { count in
            count += 1
            return count
        }
        let id = job["id"] ?? .string("job-\(number)")
        tell("POST /jobs \(job.jsonText): answered 202, id \(id.jsonText)")
        let accepted: JSONObject = ["id": id, "status": .string("queued")]
        let json = JSONValue.object(accepted).jsonText
        return DemoService.Answer(status: 202, json: json) { [self] in
            Terminal.pause(milliseconds: delay.count / 1_000_000)
            callBack(url, job, id)
        }
    }

    private func callBack(_ url: String, _ job: JSONValue, _ id: JSONValue) {
        var done: JSONObject = ["id": id]
        if job["fail"] == .bool(true) {
            done["status"] = .string("failed")
        } else {
            done["status"] = .string("done")
            let work = job["work"].map { $0.string ?? $0.jsonText } ?? "the job"
            done["result"] = .string("\(work), done")
        }
        let body = JSONValue.object(done)
        do {
            let reply = try client.post(url, body)
            tell("POST \(url) \(body.jsonText): answered \(reply.status) \(reply.body.jsonText)")
        } catch {
            tell("POST \(url) \(body.jsonText): \(error)")
        }
    }

    private func refusal(_ why: String) -> DemoService.Answer {
        let body: JSONObject = ["error": .string(why)]
        return DemoService.Answer(status: 400, json: JSONValue.object(body).jsonText)
    }
}
