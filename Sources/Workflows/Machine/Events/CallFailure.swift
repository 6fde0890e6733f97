package import JSONWire
package import Primitives

/// Why a call failed, as the one who carried it out knows it.
package struct CallFailure: Error, Sendable, Hashable {
    /// The stable word for the cause.
    package let code: ProblemCode
    /// A sentence for a person: URL, status and the body's first KB, never a secret.
    package let message: String
    /// What the other side said, for `${error.result}`; null where it said nothing.
    package let result: JSONValue
    /// What HTTP said, where there was an answer.
    package let head: AnswerHead?

    /// Describes a failed call.
    package init(
        code: ProblemCode,
        message: String,
        result: JSONValue = .null,
        head: AnswerHead? = nil
    ) {
        self.code = code
        self.message = message
        self.result = result
        self.head = head
    }
}
