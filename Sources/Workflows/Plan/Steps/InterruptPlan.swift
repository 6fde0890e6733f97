internal import Expressions

/// A question to a person before or after a step.
struct InterruptPlan: Sendable {
    let condition: Condition?
    let message: Template?
    let metadata: Template?
}
