package import JSONWire
package import Primitives

/// Why a run failed: `{code, message, step, attempt, component}` in the API.
package struct RunFailure: Sendable, Hashable {
    /// The stable word for the cause.
    package let code: ProblemCode
    /// A sentence for a person; never a secret.
    package let message: String
    /// The step that failed; nil where the run failed as a whole.
    package let step: String?
    /// The step's try, from 1.
    package let attempt: Int?
    /// The component of the step.
    package let component: String?
    /// What the other side said; null where it said nothing.
    package let result: JSONValue

    /// Describes a run that failed as a whole.
    package init(code: ProblemCode, message: String) {
        self.code = code
        self.message = message
        step = nil
        attempt = nil
        component = nil
        result = .null
    }

    /// Describes a run that failed because a step did.
    package init(_ failure: StepFailure) {
        code = failure.code
        message = failure.message
        step = failure.step
        attempt = failure.attempt
        component = failure.component
        result = failure.result
    }
}
