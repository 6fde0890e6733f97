internal import Expressions
internal import JSONWire
internal import Primitives

extension LoggerAction {
    /// Renders the line: what is not configured is the input's member of that name; a text as input is the message.
    func call(
        _ action: ActionPlan,
        input: JSONValue,
        _ scope: ActionScope
    ) throws(EvaluationError) -> LogCall {
        let level = try self.level?.evaluate(scope) ?? input["level"] ?? .null
        let message = try self.message?.evaluate(scope) ?? input["message"] ?? input.asMessage
        let data = try self.data?.evaluate(scope) ?? input["data"] ?? .null
        return LogCall(
            component: action.component,
            level: LoggerAction.level(named: TextForm.text(of: level)) ?? .info,
            message: TextForm.text(of: message),
            data: data
        )
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
