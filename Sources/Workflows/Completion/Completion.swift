internal import Documents
internal import Expressions
internal import JSONWire
internal import Primitives

/// The way an action ends.
enum Completion: Sendable {
    /// With its response.
    case response
    /// With a callback.
    case callback(CallbackPlan)
    /// With the poll that says so.
    case polling(PollingPlan)

    /// Whether what happens after the request reads header fields of its answer.
    var readsHeaders: Bool {
        switch self {
        case .response: false
        case .callback(let plan): plan.waitFor?.references.contains(where: \.readsHeaders) ?? false
        case .polling(let plan): plan.readsHeaders
        }
    }

    /// Whether what happens after the request reads `${input}`.
    var readsInputLater: Bool {
        switch self {
        case .response: false
        case .callback(let plan):
            ActionPlan.readsInput(plan.waitFor)
                || plan.doors.contains { ActionPlan.readsInput($0.url) }
        case .polling: true
        }
    }
}

/// A wait for a callback, beside or instead of a response.
struct CallbackPlan: Sendable {
    /// An endpoint that can answer, and how its key is found.
    struct Target: Sendable {
        let endpoint: OwnEndpoint
        /// What yields the URL of ours that the request carries, for endpoints that read its query or path; other text may
        /// stand round it.
        let url: Template
        /// Whether `identify_by` reads the response, so that its key is known only then.
        let needsResponse: Bool
    }

    /// Whether the wait follows from a URL of ours in the request, or `completion` says it outright.
    let isImplicit: Bool
    /// The doors of a wait that follows from URLs; empty where `waitFor` is set.
    let doors: [Target]
    /// The key, where `completion` names one.
    let waitFor: Template?
    /// Whether `waitFor` reads the response.
    let needsResponse: Bool
    /// The channels of `waitFor`, or of all doors.
    let channels: [UInt32]
    /// The bound of the wait alone; nil where the default or the action's timeout counts.
    let timeout: Nanoseconds?
}

/// Asking again and again until the answer says that the work is done.
struct PollingPlan: Sendable {
    let request: HTTPAction
    let status: Template?
    let successWhen: [String]
    let failWhen: [String]
    let interval: Nanoseconds
    let timeout: Nanoseconds

    /// Whether the poll or its status reads header fields.
    var readsHeaders: Bool {
        let parts = [
            status, request.base, request.path, request.method, request.params, request.body,
        ]
        let templates = parts.compactMap(\.self) + request.headers.map(\.value)
        return templates.contains { $0.references.contains(where: \.readsHeaders) }
    }
}
