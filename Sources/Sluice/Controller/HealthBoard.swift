internal import HTTPEngine
internal import Synchronization

/// Whether the server takes work, for whoever asks `/health`.
final class HealthBoard: Sendable {
    private let isDraining = Atomic(false)

    /// Makes the board of a server that takes work.
    init() {}

    /// Notes that the server takes no new work any more.
    func drain() {
        isDraining.store(true, ordering: .releasing)
    }

    /// The answer of `/health`: 200 `ok`, or 503 `shutting_down` while the server drains.
    var response: Response {
        isDraining.load(ordering: .acquiring)
            ? .json(503, Array(#"{"status":"shutting_down"}"#.utf8))
            : .json(200, Array(#"{"status":"ok"}"#.utf8))
    }
}
