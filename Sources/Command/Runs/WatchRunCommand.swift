internal import JSONWire
internal import Platform
internal import Primitives

/// `sluice runs watch`: tells what happens to a run until it has ended.
enum WatchRunCommand {
    static let command = Program.Command(
        name: "runs watch",
        usage: "RUN",
        summary: "Follow the events of a run to its end; exit code 1 if it fails",
        options: ControllerConnection.options,
        run: run
    )

    @Sendable private static func run(_ arguments: Arguments) -> Int32 {
        RunsCommands.withRun(arguments) { controller, id throws(WebClient.Failure) in
            let watch = Watch(asJSON: arguments.has("--json"))
            // A stream that breaks is taken up again where it broke, as long as it brings news.
            while true {
                let before = watch.lastID
                let reply = try controller.reply(
                    "GET",
                    "/tasks/\(id)/events",
                    headers: watch.begin(),
                    onBody: watch.take
                )
                if let end = watch.end { return finish(end, asJSON: arguments.has("--json")) }
                guard reply.isSuccess else { throw refusal(reply, controller) }
                if reply.status == 204 || watch.lastID == before {
                    throw WebClient.Failure(message: "the controller closed the stream early")
                }
            }
        }
    }

    private static func refusal(
        _ reply: WebClient.Reply,
        _ controller: ControllerConnection
    ) -> WebClient.Failure {
        if reply.status == 404, reply.value["code"]?.string != "task_unknown" {
            return WebClient.Failure(
                message: "the server at \(controller.url) cannot be watched: it has no "
                    + "GET /tasks/{id}/events"
            )
        }
        return controller.refusal(reply)
    }

    private static func finish(_ state: JSONValue, asJSON: Bool) -> Int32 {
        if !asJSON { Console.writeLine(RunText.full(state)) }
        return state["status"]?.string == "completed" ? 0 : 1
    }

    /// What a watch has seen; used by the client's thread while it runs, and between the requests.
    private final class Watch: Sendable {
        private let state = SleepingLock(State())
        private let isJSON: Bool

        /// What the lock guards.
        private struct State {
            var reader = EventStreamParser(lineBytesMax: 8 << 20)
            var lastID: String?
            var end: JSONValue?
        }

        init(asJSON: Bool) {
            isJSON = asJSON
        }

        /// The id of the last event.
        var lastID: String? { state.withLock { $0.lastID } }

        /// The run's last state, once it has ended.
        var end: JSONValue? { state.withLock { $0.end } }

        /// Begins a stream anew; gives the headers that ask for the rest of it.
        func begin() -> [(name: String, value: String)] {
            state.withLock { $0.reader = EventStreamParser(lineBytesMax: 8 << 20) }
            let accept = [(name: "Accept", value: "text/event-stream")]
            return accept + (lastID.map { [(name: "Last-Event-ID", value: $0)] } ?? [])
        }

        /// Takes a piece of the stream.
        @Sendable func take(_ bytes: [UInt8]) {
            state.withLock { state in
                for event in state.reader.take(bytes) {
                    state.lastID = event.id ?? state.lastID
                    let value = Self.value(of: event.text)
                    if event.type == "end" { state.end = value }
                    tell(event, value)
                }
            }
        }

        private func tell(_ event: EventStreamParser.Event, _ value: JSONValue) {
            if isJSON {
                let line: JSONObject = [
                    "event": .string(event.type ?? "message"), "data": value,
                ]
                Console.writeData(JSONValue.object(line).jsonText)
            } else if event.type == "gap" {
                Console.writeLine("(\(RunText.member(value, "lost")) earlier events are not kept)")
            } else if event.type == "chunks_lost" {
                Console.writeLine("(\(RunText.member(value, "lost")) pieces came too fast)")
            } else if event.type != "end" {
                Console.writeLine(RunText.event(value))
            }
        }

        private static func value(of text: String) -> JSONValue {
            do throws(JSONError) {
                return try JSONValue.parse(text)
            } catch {
                return .string(text)
            }
        }
    }
}
