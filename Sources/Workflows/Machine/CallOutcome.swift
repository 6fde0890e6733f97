package import JSONWire

/// What became of a call.
package enum CallOutcome: Sendable {
    /// It was answered: `response` is what `${response}` yields, `status` the HTTP status or exit code.
    case success(JSONValue, status: Int)
    /// It failed.
    indirect case failure(CallFailure)
}
