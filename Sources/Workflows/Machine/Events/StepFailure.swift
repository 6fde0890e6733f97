package import JSONWire
package import Primitives

/// Why a step failed: what `${error…}` yields and what a failed run tells.
package struct StepFailure: Sendable, Hashable {
    /// The stable word for the cause.
    package let code: ProblemCode
    /// A sentence for a person; never a secret.
    package let message: String
    /// The step, as ``StepView/name`` writes it.
    package let step: String
    /// The try, from 1.
    package let attempt: Int
    /// The component the step uses; nil for steps without one.
    package let component: String?
    /// What the other side said; null where it said nothing.
    package let result: JSONValue
    /// What HTTP said, where there was an answer; it decides about another try and is not told.
    package let head: AnswerHead?

    /// Describes a failed step.
    package init(
        code: ProblemCode,
        message: String,
        step: String,
        attempt: Int,
        component: String? = nil,
        result: JSONValue = .null,
        head: AnswerHead? = nil
    ) {
        self.code = code
        self.message = message
        self.step = step
        self.attempt = attempt
        self.component = component
        self.result = result
        self.head = head
    }
}
