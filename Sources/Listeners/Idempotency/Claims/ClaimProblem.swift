package import HTTPEngine
internal import Primitives

/// What the sender of a request is told whose key stands in its way.
package enum ClaimProblem {
    /// How long a request with an `Idempotency-Key` waits for the same one that is under way.
    static let patience = Nanoseconds.seconds(1)

    /// The key came before with another payload.
    package static let reused = Problem(
        status: 422,
        code: .idempotencyKeyReused,
        detail: "This Idempotency-Key came before with another body or query; a new request needs "
            + "a new key."
    )

    /// The same request is under way for longer than it is waited for.
    static let underWay = Problem(
        status: 409,
        code: .idempotencyInFlight,
        detail: "The same request is in progress; send it again later.",
        retryAfterSeconds: 1
    )

    /// The same request was under way, and has failed.
    static let failed = Problem(
        status: 409,
        code: .idempotencyInFlight,
        detail: "The same request was in progress and has failed; send it again.",
        retryAfterSeconds: 1
    )

    /// What a request is told that waited for one that started nothing; nil where that one did.
    static func of(_ outcome: ClaimFlight.Outcome) -> Problem? {
        switch outcome {
        case .kept: nil
        case .refused: failed
        case .lost(let problem): problem
        }
    }
}
