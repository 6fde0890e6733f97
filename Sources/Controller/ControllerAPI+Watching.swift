internal import HTTPEngine
internal import HTTPWire
internal import Listeners
internal import Primitives
internal import Runs
internal import Synchronization

/// Watching runs live.
extension ControllerAPI {
    private static let tick = Nanoseconds.seconds(1)
    private static let ticksPerBeat = 15

    /// Streams a run's history: what is kept of it after the entry that the client names, then what happens, until it
    /// ends.
    func follow(
        _ request: borrowing Request,
        _ exchange: borrowing Exchange,
        _ fields: ControllerHandler.Fields
    ) throws(Problem) {
        let seen = try Self.lastSeen(request)
        let isHead = request.method == .head
        withRun(request, exchange, fields) { [self] (run, pending) throws(Problem) in
            let (rest, isEnded) = run.history(after: seen)
            if isEnded, seen > rest.lastNumber {
                // The end was sent before: 204 tells a browser not to come again.
                return Reply.response(.empty(204)).adding(fields).give(pending)
            }
            if isHead {
                guard watcherCount.load(ordering: .relaxed) < watchersMax else {
                    throw Self.tooManyWatch
                }
                // The head of the stream, which has no length; let go, it ends.
                _ = begin(pending, fields)
                return
            }
            try stream(run, seen: seen, pending, fields)
        }
    }

    private func stream(
        _ run: RunActor,
        seen: UInt32,
        _ exchange: PendingExchange,
        _ fields: ControllerHandler.Fields
    ) throws(Problem) {
        guard takeWatcher() else {
            throw Self.tooManyWatch
        }
        guard let stream = begin(exchange, fields) else { return giveWatcherBack() }
        let follower = EventStreamSubscriber(stream: stream, seen: seen) { [self] in
            giveWatcherBack()
        }
        run.follow(follower)
        // After it is among the run's: a client that has left already is let go at once.
        stream.onClosed { [weak follower] in
            guard let follower else { return }
            run.unfollow(follower)
        }
        attend(follower, Attention())
    }

    /// Begins the answer that a watcher gets.
    private func begin(
        _ exchange: PendingExchange,
        _ fields: ControllerHandler.Fields
    ) -> ResponseStream? {
        exchange.stream(
            status: 200,
            contentType: Self.mediaType,
            headers: fields + [
                (name: "Cache-Control", value: "no-store"),
                (name: "X-Accel-Buffering", value: "no"),
            ]
        )
    }

    private static var tooManyWatch: Problem {
        Problem(
            status: 503,
            code: .overloaded,
            detail: "The limit of concurrent watchers is reached.",
            retryAfterSeconds: 5
        )
    }

    private static let mediaType = "text/event-stream"

    /// Keeps a watcher's connection alive until it is gone, and ends it when the server goes down.
    private func attend(_ follower: EventStreamSubscriber, _ attention: Attention) {
        alarms.after(Self.tick) { [self, weak follower] in
            guard let follower else { return }
            // The client comes back to whoever listens then, with the number of its last entry.
            if health.isDraining { return follower.leave() }
            var attention = attention
            if attention.isBeatDue(isClientFinished: follower.isClientFinished), !follower.beat() {
                return
            }
            attend(follower, attention)
        }
    }

    /// When a watcher is sent something, so that it is known to be there.
    private struct Attention: Sendable {
        /// Seconds since the latest beat.
        private var ticks = 0
        /// Beats that are still to be sent at once to a client that sends no more: of one that is gone the first brings
        /// the news, and the second meets it.
        private var probesLeft = 2

        mutating func isBeatDue(isClientFinished: Bool) -> Bool {
            ticks += 1
            let probes = isClientFinished && probesLeft > 0
            guard probes || ticks == ControllerAPI.ticksPerBeat else { return false }
            if probes { probesLeft -= 1 }
            ticks = 0
            return true
        }
    }

    private func takeWatcher() -> Bool {
        let count = watcherCount.wrappingAdd(1, ordering: .relaxed).newValue
        if count <= watchersMax { return true }
        giveWatcherBack()
        return false
    }

    private func giveWatcherBack() {
        watcherCount.wrappingSubtract(1, ordering: .relaxed)
    }

    private static func lastSeen(_ request: borrowing Request) throws(Problem) -> UInt32 {
        guard let text = request.header("last-event-id") else { return 0 }
        guard let number = UInt32(text) else {
            throw BodyMap.invalid("Last-Event-ID must be the number of an entry.")
        }
        return number
    }
}
