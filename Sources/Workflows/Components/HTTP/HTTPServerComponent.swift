internal import Documents
internal import Expressions
internal import Primitives

/// The component type `http-server`: requests to a local program that this server keeps running.
struct HTTPServerComponent: ComponentType {
    let request: HTTPAction

    static let name = "http-server"
    static let outputSources = SourceSet.answer
    static let takesAfterCrash = true

    static func readShared(
        _ reader: inout SettingsReader,
        _ component: inout ComponentReading,
        _ compiler: PlanCompiler
    ) -> HTTPShared {
        let basePath = readServer(&reader, &component, compiler)
        var shared = HTTPShared.read(&reader, &component, compiler)
        shared.server = HTTPShared.LocalServer(
            id: component.id,
            base: component.server.map {
                URLJoin.join(base: "http://localhost:\($0.port)", path: basePath)
            }
        )
        return shared
    }

    static func read(
        _ reader: inout SettingsReader,
        _ shared: HTTPShared,
        _ action: inout ActionReading
    ) -> HTTPServerComponent? {
        shared.action(&reader, &action).map { HTTPServerComponent(request: $0) }
    }

    func call(_ context: CallContext) throws(EvaluationError) -> AskedWork {
        try request.call(context)
    }

    /// Reads how the program is started; the result is the path that its URLs begin with.
    private static func readServer(
        _ reader: inout SettingsReader,
        _ component: inout ComponentReading,
        _ compiler: PlanCompiler
    ) -> String {
        let port = Int(reader.port("port") ?? 8000)
        let basePath = reader.string("base_path", default: "")
        var start = reader.texts("start")
        var directory = reader.string("working_dir")
        var environment = reader.textMap("env") ?? []
        readScripts(&reader, compiler)
        if var manage = reader.map("manage") {
            if var scripts = manage.map("scripts") {
                start = start ?? scripts.texts("start")
                readScripts(&scripts, compiler)
                scripts.finish()
            } else {
                start = start ?? manage.texts("start")
                readScripts(&manage, compiler)
            }
            directory = directory ?? manage.string("working_dir")
            if environment.isEmpty { environment = manage.textMap("env") ?? [] }
            manage.finish()
        }
        let timeout = reader.duration("start_timeout", default: .seconds(30))
        guard let start, !start.isEmpty else {
            // One that is there and wrong was told.
            if reader.has("start"), start == nil || start?.isEmpty == true {
                return basePath
            }
            compiler.incomplete(
                "`\(component.id)` has no `start`, the program of an http-server and its arguments",
                at: component.position,
                keyPath: reader.keyPath,
                keys: ["start", "manage"]
            )
            return basePath
        }
        component.server = ServerPlan(
            start: start,
            port: port,
            workingDirectory: directory,
            environment: environment.map { (name: $0.key, value: $0.value) },
            startTimeout: timeout
        )
        return basePath
    }

    /// Says of the scripts that prepare a server that they are not run here.
    private static func readScripts(
        _ reader: inout SettingsReader,
        _ compiler: PlanCompiler
    ) {
        for key in ["install", "build", "clean"] {
            guard let node = reader.node(key) else { continue }
            compiler.diagnostics.report(
                Diagnostic(
                    .note,
                    at: node.position,
                    keyPath: reader.path(key),
                    message:
                        "`\(key)` is not run here; what it does has to be done before the start"
                )
            )
        }
    }
}
