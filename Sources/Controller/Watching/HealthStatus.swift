package import HTTPEngine
internal import JSONWire
internal import Synchronization

/// Whether the server takes work, for whoever asks `/health` or `/readyz`.
package final class HealthStatus: Sendable {
    private let leaving = Atomic(false)
    private let draining = Atomic(false)
    private let refusal: @Sendable () -> String?
    private let trouble: @Sendable () -> String?

    /// Makes the board of a server that takes work.
    ///
    /// - Parameters:
    ///   - refusal: Says why the journal takes no records at present; nil where it does.
    ///   - trouble: Says what is wrong although work is taken; nil for nothing.
    package init(
        refusal: @escaping @Sendable () -> String? = { nil },
        trouble: @escaping @Sendable () -> String? = { nil }
    ) {
        self.refusal = refusal
        self.trouble = trouble
    }

    /// Notes that the server is about to go down: who asks is told, and everything is still served.
    package func announce() {
        leaving.store(true, ordering: .releasing)
    }

    /// Notes that the server takes no new work any more.
    package func drain() {
        announce()
        draining.store(true, ordering: .releasing)
    }

    /// Whether the server takes no new work any more.
    var isDraining: Bool { draining.load(ordering: .acquiring) }

    /// The answer of `/health` and `/readyz`: 200 `ok`, or 503 while the server goes down or cannot keep what it would take.
    package var response: Response {
        if leaving.load(ordering: .acquiring) { return Self.answer(503, "shutting_down", nil) }
        if let reason = refusal() { return Self.answer(503, "unavailable", reason) }
        if let reason = trouble() { return Self.answer(200, "ok", reason) }
        return Self.alive
    }

    /// The answer of `/livez`: 200 for as long as anybody answers at all.
    package static let alive = answer(200, "ok", nil)

    private static func answer(_ status: Int, _ word: String, _ reason: String?) -> Response {
        var object: JSONObject = ["status": .string(word)]
        if let reason { object["reason"] = .string(reason) }
        return .json(status, JSONValue.object(object).jsonBytes)
    }
}
