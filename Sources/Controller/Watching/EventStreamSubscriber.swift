internal import HTTPEngine
internal import JSONWire
internal import Primitives
internal import Runs

/// One who watches a run's history live: its entries as server-sent events, until the run ends or the client leaves.
///
/// What is not sent yet is bounded by the connection (1 MiB); a client that does not read is cut off. May be used on
/// any thread.
final class EventStreamSubscriber: RunObserver {
    private let stream: ResponseStream
    private let state: SleepingLock<State>
    private let onGone: @Sendable () -> Void

    /// What the client has.
    private struct State {
        var seen: UInt32
        var isOver = false
        /// Pieces of answers that it was not told, because it reads too slowly.
        var lostCount = 0
    }

    /// Makes a follower who knows the history up to an entry.
    ///
    /// - Parameters:
    ///   - stream: Where the events go.
    ///   - seen: The number of the last entry that the client has; 0 for none.
    ///   - onGone: Called once, when nobody holds the follower any more.
    init(stream: ResponseStream, seen: UInt32, onGone: @escaping @Sendable () -> Void) {
        self.stream = stream
        self.onGone = onGone
        state = SleepingLock(State(seen: seen))
    }

    deinit {
        onGone()
    }

    /// Sends what is new of a run, and ends the stream where the run has ended.
    func runAdvanced(_ cell: RunActor) {
        state.withLock { state in
            guard !state.isOver else { return }
            let (rest, isEnded) = cell.history(after: state.seen)
            var text = Self.lost(&state)
            if rest.lostCount > 0 { text += "event: gap\ndata: {\"lost\":\(rest.lostCount)}\n\n" }
            for note in rest.notes { text += Self.event(note) }
            state.seen = max(state.seen, rest.lastNumber)
            if isEnded { text += Self.end(of: cell, after: rest.lastNumber) }
            stream.write(Array(text.utf8))
            if isEnded {
                state.isOver = true
                stream.finish()
            }
        }
    }

    /// Sends a piece of an answer; where the client reads too slowly it is lost, and told with the next thing sent.
    func stepReceived(_ chunk: RunChunk) {
        let event = chunk.event
        state.withLock { state in
            guard !state.isOver else { return }
            let lostCount = state.lostCount
            let text = Self.lost(&state) + event
            if !stream.offer(Array(text.utf8)) { state.lostCount = lostCount + 1 }
        }
    }

    /// Says how many pieces were lost; empty for none.
    private static func lost(_ state: inout State) -> String {
        guard state.lostCount > 0 else { return "" }
        defer { state.lostCount = 0 }
        return "event: chunks_lost\ndata: {\"lost\":\(state.lostCount)}\n\n"
    }

    /// Sends a comment, so that nobody between takes the connection for dead.
    ///
    /// - Returns: False where there is nobody any more to send it to.
    func beat() -> Bool {
        state.withLock { state in !state.isOver && stream.write(Array(": still here\n\n".utf8)) }
    }

    /// Whether the client has said that it sends no more, so that it may be gone.
    var isClientFinished: Bool { stream.isClientFinished }

    /// Ends the stream though the run goes on.
    func leave() {
        state.withLock { state in
            guard !state.isOver else { return }
            state.isOver = true
            stream.finish()
        }
    }

    private static func event(_ note: RunNote) -> String {
        "id: \(note.number)\nevent: \(note.kind.name)\ndata: \(note.jsonText)\n\n"
    }

    /// The last event: the run's state as `GET /tasks/{id}` tells it.
    private static func end(of cell: RunActor, after number: UInt32) -> String {
        "id: \(number &+ 1)\nevent: end\ndata: \(RunReport.of(cell).jsonText)\n\n"
    }
}

extension RunChunk {
    /// The piece as a server-sent event; it has no id, so that a client that comes back asks for history only.
    fileprivate var event: String {
        let object: JSONObject = [
            "kind": .string("chunk"), "step": .string(step), "attempt": .integer(Int64(attempt)),
            "data": data,
        ]
        return "event: chunk\ndata: \(JSONValue.object(object).jsonText)\n\n"
    }
}
