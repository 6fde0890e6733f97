/// What can be asked of the controller.
package enum ControllerCall: Int, Sendable, CaseIterable {
    case health, live, ready, document
    case workflows, workflowSchema, startRun
    case tasks, task, taskEvents, cancelTask, resumeTask, retryTask
    case requests, request, replayRequest, replayRequests, explain
    /// A browser's question before it lets a page of another origin ask; no part of the document.
    case preflight

    /// Whether it is answered without a token: what watches over the process has none, and a preflight carries none.
    var isOpen: Bool {
        switch self {
        case .health, .live, .ready, .preflight: true
        case .document, .workflows, .workflowSchema, .startRun, .tasks, .task, .taskEvents,
            .cancelTask, .resumeTask, .retryTask, .requests, .request, .replayRequest,
            .replayRequests, .explain:
            false
        }
    }

    /// Whether its body may be a form where there are tokens: a form of a foreign page carries none.
    var takesForms: Bool { self == .startRun }
}
