internal import HTTPEngine
internal import Synchronization

/// Whether the server takes work, for whoever asks `/health` or `/readyz`.
final class HealthBoard: Sendable {
    private let draining = Atomic(false)

    /// Makes the board of a server that takes work.
    init() {}

    /// Notes that the server takes no new work any more.
    func drain() {
        draining.store(true, ordering: .releasing)
    }

    /// Whether the server takes no new work any more.
    var isDraining: Bool { draining.load(ordering: .acquiring) }

    /// The answer of `/health` and `/readyz`: 200 `ok`, or 503 `shutting_down` while the server drains.
    var response: Response {
        isDraining ? .json(503, Array(#"{"status":"shutting_down"}"#.utf8)) : Self.alive
    }

    /// The answer of `/livez`: 200 for as long as anybody answers at all.
    static let alive = Response.json(200, Array(#"{"status":"ok"}"#.utf8))
}
