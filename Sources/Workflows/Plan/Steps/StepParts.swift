internal import Documents
internal import Expressions
internal import Primitives

/// What a step is made of, while the builder still collects it.
struct StepParts {
    var id: String
    var type: String
    var position: SourcePosition
    var role: StepPlan.Role = .top
    var work: StepWork = .nothing
    var component: ComponentPlan?
    var dependencies: [[Int]] = []
    var isRouted = false
    var input: Template?
    var output: Template?
    var retry = RetryPolicy.none
    var onError = OnErrorPlan.fail
    var timeout: Nanoseconds?
    var before: InterruptPlan?
    var after: InterruptPlan?
    var runCountMax = 25
    var dependents: [Int] = []
    /// The step before it in its list, whose output `${output}` means in its input; -1 for none.
    var previous = -1
}
