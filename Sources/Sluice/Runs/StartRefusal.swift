package import Primitives

/// Why a run was not started; nothing of it happened.
package enum StartRefusal: Error, Sendable {
    /// No workflow has this id.
    case workflowUnknown(String)
    /// No workflow was named and none is the default.
    case noDefaultWorkflow
    /// As many runs as allowed are under way (`executor.max_active_runs`).
    case tooManyRuns

    /// The stable word for the refusal.
    package var code: ProblemCode {
        switch self {
        case .workflowUnknown, .noDefaultWorkflow: .workflowUnknown
        case .tooManyRuns: .tooManyRuns
        }
    }

    /// The refusal as a sentence.
    package var message: String {
        switch self {
        case .workflowUnknown(let id): "there is no workflow '\(id)'"
        case .noDefaultWorkflow: "no workflow was named and none is the default"
        case .tooManyRuns: "as many runs as allowed are under way"
        }
    }
}
