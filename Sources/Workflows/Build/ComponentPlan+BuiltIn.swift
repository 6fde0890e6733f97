internal import Documents
internal import Expressions
internal import JSONWire

extension ComponentPlan {
    /// A component that needs no configuration and can be named without being declared; nil for other names.
    static func builtIn(_ id: String) -> ComponentPlan? {
        let position = SourcePosition(file: "", line: 0, column: 0)
        let kind: ActionPlan.Kind
        let type: ComponentType
        switch id {
        case "logger":
            kind = .logger(LoggerAction(level: nil, message: nil, data: nil))
            type = .logger
        case "delay":
            kind = .delay(DelayPlan(kind: .interval(nil), zones: .none, position: nil))
            type = .delay
        default: return nil
        }
        let action = ActionPlan(
            id: "__action__",
            component: id,
            isDefault: true,
            kind: kind,
            output: nil,
            completion: .response,
            timeout: nil,
            repeatsAfterCrash: true,
            position: position,
            inputReferences: [],
            inputHints: []
        )
        return ComponentPlan(
            id: id,
            type: type,
            maxConcurrentCount: 0,
            rateLimit: nil,
            server: nil,
            position: position,
            isDefault: false,
            actions: [action]
        )
    }
}
