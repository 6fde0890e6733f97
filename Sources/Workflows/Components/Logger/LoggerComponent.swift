internal import Documents
internal import Expressions
internal import JSONWire
internal import Primitives

/// The component type `logger`: lines of the server's log.
///
/// What is not configured is read from the step's input.
struct LoggerComponent: ComponentType {
    let level: Template?
    let message: Template?
    let data: Template?

    static let name = "logger"
    static let builtIn: LoggerComponent? = LoggerComponent(level: nil, message: nil, data: nil)

    static func read(
        _ reader: inout SettingsReader,
        _ shared: Void,
        _ action: inout ActionReading
    ) -> LoggerComponent? {
        LoggerComponent(
            level: action.compiler.template(&reader, "level", .component),
            message: action.compiler.template(&reader, "message", .component),
            data: action.compiler.template(&reader, "data", .component)
        )
    }

    /// Renders the line: what is not configured is the input's member of that name; a text as input is the message.
    func call(_ context: CallContext) throws(EvaluationError) -> AskedWork {
        let scope = context.scope
        let input = context.input
        let level = try self.level?.evaluate(scope) ?? input["level"] ?? .null
        let message = try self.message?.evaluate(scope) ?? input["message"] ?? input.asMessage
        let data = try self.data?.evaluate(scope) ?? input["data"] ?? .null
        let line = LogCall(
            component: context.action.component,
            level: Self.level(named: TextForm.text(of: level)) ?? .info,
            message: TextForm.text(of: message),
            data: data
        )
        return .notice(line, result: line.data)
    }

    /// The level a word names, `warn` and `critical` among them.
    static func level(named word: String) -> LogLevel? {
        switch word.lowercased() {
        case "debug", "trace": .debug
        case "info", "": .info
        case "warn", "warning": .warning
        case "error", "critical", "fatal": .error
        default: nil
        }
    }
}

extension JSONValue {
    /// What a logger says when its input names no message.
    fileprivate var asMessage: JSONValue {
        if case .object = self { .null } else { self }
    }
}
