internal import Expressions

/// What happens when a step has failed for good.
enum OnErrorPlan: Sendable {
    /// The run fails.
    case fail
    /// The step ends with this output, null where there is none.
    case output(Template?)
    /// The step is left behind and another one runs instead of those that depend on it.
    case route(to: Int, output: Template?)
    /// These steps run one after another; the last one's output is the step's.
    case steps([Int])
}
