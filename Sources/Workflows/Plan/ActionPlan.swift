internal import Documents
internal import Expressions
internal import JSONWire
internal import Primitives

/// One action of a component, compiled.
final class ActionPlan: Sendable {
    /// What an action does; out of line, so that asking for it copies nothing.
    indirect enum Kind: Sendable {
        case http(HTTPAction)
        case shell(ShellAction)
        case workflow(id: String, input: Template?)
        case logger(LoggerAction)
        case delay(DelayPlan)
    }

    let id: String
    let component: String
    let isDefault: Bool
    let kind: Kind
    let output: Template?
    /// Whether `output` reads `${response}`, so that it cannot be rendered before the response is there.
    let readsResponse: Bool
    /// Whether `output` reads `${http}`.
    let readsHTTP: Bool
    /// Whether `output`, or what ends the action, reads header fields of the answer.
    let readsHeaders: Bool
    /// Whether `output` reads `${result}`.
    let readsResult: Bool
    let completion: Completion
    /// Whether something after the request still reads `${input}`.
    let needsInputLater: Bool
    /// The bound of one try: the request and the wait together.
    let timeout: Nanoseconds?
    /// Whether a call whose outcome is unknown after a crash is made again (`after_crash`).
    let repeatsAfterCrash: Bool
    let position: SourcePosition
    /// What its expressions read of the input, and what they say about it.
    let inputReferences: [Reference]
    let inputHints: [Annotation]

    init(
        id: String,
        component: String,
        isDefault: Bool,
        kind: Kind,
        output: Template?,
        completion: Completion,
        timeout: Nanoseconds?,
        repeatsAfterCrash: Bool,
        position: SourcePosition,
        inputReferences: [Reference],
        inputHints: [Annotation]
    ) {
        self.id = id
        self.component = component
        self.isDefault = isDefault
        self.kind = kind
        self.output = output
        readsResponse = output?.references.contains { $0.source == .response } ?? false
        readsResult = output?.references.contains { $0.source == .result } ?? false
        readsHTTP = output?.references.contains { $0.source == .http } ?? false
        readsHeaders =
            (output?.references.contains(where: \.readsHeaders) ?? false)
            || completion.readsHeaders
        self.completion = completion
        needsInputLater = Self.readsInput(output) || completion.readsInputLater
        self.timeout = timeout
        self.repeatsAfterCrash = repeatsAfterCrash
        self.position = position
        self.inputReferences = inputReferences
        self.inputHints = inputHints
    }

    /// The same action, ending in another way.
    convenience init(_ action: ActionPlan, completion: Completion) {
        self.init(
            id: action.id,
            component: action.component,
            isDefault: action.isDefault,
            kind: action.kind,
            output: action.output,
            completion: completion,
            timeout: action.timeout,
            repeatsAfterCrash: action.repeatsAfterCrash,
            position: action.position,
            inputReferences: action.inputReferences,
            inputHints: action.inputHints
        )
    }

    /// Whether a template reads `${input}`.
    static func readsInput(_ template: Template?) -> Bool {
        template?.references.contains { $0.source == .input } ?? false
    }
}

/// How an HTTP action ends.
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

/// What a step waits for beside or instead of its response.
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

/// An HTTP request, compiled.
struct HTTPAction: Sendable {
    /// `base_url`, or the base of a managed server; nil where `path` is absolute.
    let base: Template?
    /// `path` or `endpoint`.
    let path: Template?
    let method: Template
    /// Component and action headers in one, names unique without regard to case.
    let headers: [(name: String, value: Template)]
    let params: Template?
    let body: Template?
    let server: String?
    /// How a response that is a stream of events becomes a value.
    var streamFormat: EventStream.Format?
    /// What the environment gave to the address; it is not told where it stands in a URL's path.
    var pathSecrets: [String] = []
}

/// A program run, compiled.
struct ShellAction: Sendable {
    let command: Template
    let environment: Template?
    let workingDirectory: Template?
    let standardInput: Template?
    let takesAnyExitCode: Bool
}

/// A log line, compiled; what is not configured is read from the step's input.
struct LoggerAction: Sendable {
    let level: Template?
    let message: Template?
    let data: Template?
}
