package import Primitives

/// Why a run was not started; nothing of it happened.
package enum StartRefusal: Error, Sendable {
    /// No workflow has this id; `known` are the ids that there are.
    case workflowUnknown(String, known: [String])
    /// No workflow was named and none is the default; `known` are the ids that there are.
    case noDefaultWorkflow(known: [String])
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
        case .workflowUnknown(let id, _): "there is no workflow `\(id.prefix(128))`"
        case .noDefaultWorkflow: "no workflow was named, and none is the default"
        case .tooManyRuns: "the limit of active runs (executor.max_active_runs) is reached"
        case .journalUnavailable(let reason):
            "the run could not be stored (\(reason)); try again later"
        case .tooLarge: "the inputs of all runs together are too large to be stored at once"
        }
    }

    /// The same, with the workflows that there are: for those who may see the configuration.
    package var fullMessage: String {
        switch self {
        case .workflowUnknown(_, let known), .noDefaultWorkflow(let known):
            let named = known.prefix(Self.knownMax).joined(separator: ", ")
            let more = known.count > Self.knownMax ? ", …" : ""
            return known.isEmpty ? message : "\(message); the workflows are \(named)\(more)"
        case .tooManyRuns, .journalUnavailable, .tooLarge: return message
        }
    }

    private static let knownMax = 20
}
