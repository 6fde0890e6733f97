package import Documents
internal import Expressions
package import Primitives

/// One workflow, compiled: steps, their order, their expressions.
///
/// Immutable and shared: a run holds one reference to it.
package final class WorkflowPlan: Sendable {
    /// The id; `__workflow__` where none is written.
    package let id: String
    /// The title for people.
    package let title: String?
    /// The description for people.
    package let description: String?
    /// Whether it is marked `default: true`.
    package let isDefault: Bool
    /// Whether listings leave it out.
    package let isPrivate: Bool
    /// The top-level steps first, in the order written; behind them the steps inside of steps.
    package let steps: [StepPlan]
    /// How many of ``steps`` are top-level.
    package let topCount: Int
    /// The `output:` of the workflow.
    let output: Template?
    /// The bound of the whole run; nil for none.
    package let timeout: Nanoseconds?
    /// The input's fields, as far as the expressions tell.
    package let inputFields: [InputField]
    /// How many bytes of values one run may hold.
    package let stateBytesMax: Int
    /// Where it is written.
    package let position: SourcePosition
    /// The index of every step that `${jobs.ID}` may name.
    let stepIndex: [String: Int]

    /// A workflow without steps: what a run follows whose own plan cannot be had.
    package static func empty(id: String) -> WorkflowPlan {
        WorkflowPlan(
            id: id,
            title: nil,
            description: nil,
            isDefault: false,
            isPrivate: true,
            steps: [],
            topCount: 0,
            output: nil,
            timeout: nil,
            inputFields: [],
            stateBytesMax: .max / 2,
            position: SourcePosition(file: "", line: 0, column: 0)
        )
    }

    init(
        id: String,
        title: String?,
        description: String?,
        isDefault: Bool,
        isPrivate: Bool,
        steps: [StepPlan],
        topCount: Int,
        output: Template?,
        timeout: Nanoseconds?,
        inputFields: [InputField],
        stateBytesMax: Int,
        position: SourcePosition
    ) {
        self.id = id
        self.title = title
        self.description = description
        self.isDefault = isDefault
        self.isPrivate = isPrivate
        self.steps = steps
        self.topCount = topCount
        self.output = output
        self.timeout = timeout
        self.inputFields = inputFields
        self.stateBytesMax = stateBytesMax
        self.position = position
        var index: [String: Int] = [:]
        for (place, step) in steps.enumerated() {
            if case .body = step.role { continue }
            index[step.id] = place
        }
        stepIndex = index
    }
}
