package import JSONWire

/// How a run ended.
package enum RunOutcome: Sendable, Hashable {
    /// With an output.
    case completed(JSONValue)
    /// With a failure.
    case failed(RunFailure)
    /// Because somebody cancelled it.
    case cancelled(reason: String)
}
