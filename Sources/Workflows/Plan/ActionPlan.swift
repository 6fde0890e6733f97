internal import Documents
internal import Expressions
internal import JSONWire
internal import Primitives

/// One action of a component, compiled.
final class ActionPlan: Sendable {
    let id: String
    let component: String
    let isDefault: Bool
    /// What its component's type makes of it.
    let work: any ComponentType
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
        work: any ComponentType,
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
        self.work = work
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
            work: action.work,
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
