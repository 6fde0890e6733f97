package import HTTPEngine
internal import Primitives
internal import Runs

extension StartRefusal {
    /// The refusal as an HTTP answer.
    package var problem: Problem {
        switch self {
        case .workflowUnknown, .noDefaultWorkflow:
            Problem(status: 404, code: code, detail: fullMessage.sentence)
        case .tooManyRuns, .journalUnavailable:
            Problem(status: 503, code: code, detail: fullMessage.sentence, retryAfterSeconds: 5)
        case .tooLarge: Problem(status: 413, code: code, detail: fullMessage.sentence)
        }
    }
}
