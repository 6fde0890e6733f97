package import JSONWire

/// What a callback said to the step that waited for it.
package struct CallbackOutcome: Sendable {
    /// The key it was matched by, as text.
    package let key: String
    /// Whether its status says failure.
    package let isFailure: Bool
    /// The status value's text; nil where the endpoint reads none or it is missing.
    package let status: String?
    /// What `${result}` yields.
    package let result: JSONValue

    /// Describes a callback.
    package init(key: String, isFailure: Bool, status: String?, result: JSONValue) {
        self.key = key
        self.isFailure = isFailure
        self.status = status
        self.result = result
    }
}
