package import JSONWire

/// How a run ended; a failure is out of line, for an outcome is kept and passed on by value.
package enum RunOutcome: Sendable, Hashable {
    /// With an output.
    case completed(JSONValue)
    /// With a failure.
    indirect case failed(RunFailure)
    /// Because somebody cancelled it.
    case cancelled(reason: String)
}
