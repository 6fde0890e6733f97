internal import Documents
internal import Expressions
internal import Primitives

/// The component type `http-client`: requests to others.
struct HTTPClientComponent: ComponentType {
    let request: HTTPAction

    static let name = "http-client"
    static let outputSources = SourceSet.answer
    static let takesAfterCrash = true

    /// The keys that also tell a component of this type without `type`.
    private static let ownKeys: Set<String> = [
        "id", "name", "title", "description", "base_url", "endpoint", "path", "method", "headers",
        "params", "body", "timeout", "completion", "output", "action", "actions", "rate_limit",
        "max_concurrent_count", "default", "runtime", "after_crash",
    ]

    static func isMeant(by keys: [String]) -> Bool { keys.allSatisfy(ownKeys.contains) }

    static func readShared(
        _ reader: inout SettingsReader,
        _ component: inout ComponentReading,
        _ compiler: PlanCompiler
    ) -> HTTPShared {
        component.rateLimit = compiler.rateLimit(&reader)
        let base = reader.node("base_url")
        var shared = HTTPShared.read(&reader, &component, compiler)
        shared.base = base
        return shared
    }

    static func read(
        _ reader: inout SettingsReader,
        _ shared: HTTPShared,
        _ action: inout ActionReading
    ) -> HTTPClientComponent? {
        shared.action(&reader, &action).map { HTTPClientComponent(request: $0) }
    }

    func call(_ context: CallContext) throws(EvaluationError) -> AskedWork {
        try request.call(context)
    }
}
