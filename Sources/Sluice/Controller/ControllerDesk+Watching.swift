internal import HTTPEngine
internal import Primitives
internal import Synchronization

/// Watching runs live.
extension ControllerDesk {
    private static let beat = Nanoseconds.seconds(15)

    /// Streams a run's history: what is kept of it after the entry that the client names, then what happens, until it
    /// ends.
    func follow(
        _ request: borrowing Request,
        _ exchange: borrowing Exchange,
        _ fields: ControllerHandler.Fields
    ) throws(Problem) {
        let run = try run(request)
        let seen = try Self.lastSeen(request)
        let (rest, isEnded) = run.history(after: seen)
        if isEnded, seen > rest.lastNumber {
            // The end was sent before: 204 tells a browser not to come again.
            return Reply.response(.empty(204)).adding(fields).give(exchange)
        }
        guard takeWatcher() else {
            throw Problem(
                status: 503,
                code: .overloaded,
                detail: "as many watch runs as may",
                retryAfterSeconds: 5
            )
        }
        let stream = exchange.stream(
            status: 200,
            contentType: "text/event-stream",
            headers: fields + [
                (name: "Cache-Control", value: "no-store"),
                (name: "X-Accel-Buffering", value: "no"),
            ]
        )
        let follower = RunFollower(stream: stream, seen: seen) { [self] in giveWatcherBack() }
        run.follow(follower)
        // After it is among the run's: a client that has left already is let go at once.
        stream.onClosed { [weak follower] in
            guard let follower else { return }
            run.unfollow(follower)
        }
        beat(follower)
    }

    /// Keeps a watcher's connection alive until it is gone.
    private func beat(_ follower: RunFollower) {
        alarms.after(Self.beat) { [self, weak follower] in
            if let follower, follower.beat() { beat(follower) }
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
            throw BodyMap.invalid("Last-Event-ID must be the number of an entry")
        }
        return number
    }
}
