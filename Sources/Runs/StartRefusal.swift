package import Primitives

/// Why a run was not started; nothing of it happened.
package enum StartRefusal: Error, Sendable {
    /// No workflow has this id.
    case workflowUnknown(String)
    /// No workflow was named and none is the default.
    case noDefaultWorkflow
    /// As many runs as allowed are under way (`executor.max_active_runs`).
    case tooManyRuns
    /// The journal takes nothing at present, for this reason.
    case journalUnavailable(String)
    /// What would have to be written down at once is larger than a record of the journal can be.
    case tooLarge

    /// The stable word for the refusal.
    package var code: ProblemCode {
        switch self {
        case .workflowUnknown, .noDefaultWorkflow: .workflowUnknown
        case .tooManyRuns: .tooManyRuns
        case .journalUnavailable: .journalUnavailable
        case .tooLarge: .bodyTooLarge
        }
    }

    /// The refusal as a sentence.
    package var message: String {
        switch self {
        case .workflowUnknown(let id): "there is no workflow '\(id)'"
        case .noDefaultWorkflow: "no workflow was named and none is the default"
        case .tooManyRuns: "as many runs as allowed are under way"
        case .journalUnavailable(let reason):
            "it could not be stored (\(reason)); send it again later"
        case .tooLarge: "the inputs of all runs together are too large to be stored at once"
        }
    }
}
