package import JSONWire

/// What became of a call.
package enum CallOutcome: Sendable {
    /// It was answered: `response` is what `${response}` yields, `status` the HTTP status or exit code, `headers` what is
    /// kept of the header fields, as in ``AnswerHead/headers``.
    case success(JSONValue, status: Int, headers: JSONObject = JSONObject())
    /// It failed.
    indirect case failure(CallFailure)
}
