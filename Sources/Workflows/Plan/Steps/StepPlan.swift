package import Documents
internal import Expressions
internal import Primitives

/// One step of a workflow, compiled.
package final class StepPlan: Sendable {
    /// Where a step stands in its workflow.
    enum Role: Sendable {
        /// In the workflow's own list.
        case top
        /// In the `on_error` list of the step with this index.
        case handler(of: Int)
        /// The `do` of the step with this index.
        case body(of: Int)
    }

    /// The id; `__job__` where the only step has none.
    package let id: String
    /// The type as written, such as `component`, `wait` or `if`.
    package let type: String
    /// The component it uses; nil for other types.
    package let component: ComponentPlan?
    /// The indices of the steps it waits for: all groups, of each group one.
    package let dependencies: [[Int]]
    /// Whether it only runs when a router or an `on_error` chooses it.
    package let isRouted: Bool
    /// Where it is written.
    package let position: SourcePosition

    let role: Role
    let work: StepWork
    let input: Template?
    let output: Template?
    let retry: RetryPolicy
    let onError: OnErrorPlan
    let timeout: Nanoseconds?
    let before: InterruptPlan?
    let after: InterruptPlan?
    let runCountMax: Int
    /// The steps whose dependencies name this one.
    let dependents: [Int]
    /// The step before it in its list, whose output `${output}` means in its input; -1 for none.
    let previous: Int

    init(_ parts: StepParts) {
        id = parts.id
        type = parts.type
        component = parts.component
        dependencies = parts.dependencies
        isRouted = parts.isRouted
        position = parts.position
        role = parts.role
        work = parts.work
        input = parts.input
        output = parts.output
        retry = parts.retry
        onError = parts.onError
        timeout = parts.timeout
        before = parts.before
        after = parts.after
        runCountMax = parts.runCountMax
        dependents = parts.dependents
        previous = parts.previous
    }
}
