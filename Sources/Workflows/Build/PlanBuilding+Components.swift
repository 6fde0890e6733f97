internal import Documents
internal import Expressions
internal import JSONWire
internal import Primitives

extension PlanBuilding {
    /// What an action needs to know of its component.
    struct Owner {
        let id: String
        let type: ComponentType
        let position: SourcePosition
        let isTypeAssumed: Bool
        var base: Node?
        var basePath: String
        var headers: [(name: String, value: Template)] = []
        var completion: Node?
        var timeout: Nanoseconds?
        /// The component's own `after_crash`, where its actions stand apart.
        var afterCrash: String?
        var environment: Node?
        var workingDirectory: Node?
        var server: ServerPlan?
    }

    /// The keys of an http-client that also tell one without `type`.
    private static let httpKeys: Set<String> = [
        "id", "name", "title", "description", "base_url", "endpoint", "path", "method", "headers",
        "params", "body", "timeout", "completion", "output", "action", "actions", "rate_limit",
        "max_concurrent_count", "default", "runtime", "after_crash",
    ]

    /// Compiles one declared component.
    func add(component thing: Thing) {
        let written = thing.key ?? thing.node["id"]?.scalarText
        let id = written ?? "__component__"
        if let first = components.first(where: { $0.id == id }) {
            let hint = written == nil ? "; components without an id share `__component__`" : ""
            diagnostics.error(
                "there is another component with the id `\(id)` at \(first.position.description)\(hint)",
                at: thing.position,
                keyPath: thing.keyPath
            )
        }
        if let plan = component(thing, id: id) {
            components.append(plan)
        } else {
            refusedComponents.insert(id)
        }
    }

    /// Compiles a component, declared or written inside a step.
    func component(_ thing: Thing, id: String) -> ComponentPlan? {
        var reader = SettingsReader(
            thing.node,
            keyPath: thing.keyPath,
            diagnostics: diagnostics,
            filling: filling
        )
        guard case .map = thing.node.content else { return nil }
        if let key = thing.key, let written = reader.string("id"), written != key {
            reader.error(
                "found the id `\(written)` under the key `\(key)`",
                at: thing.position,
                key: "id"
            )
        }
        reader.note("id", "name", "title", "description", "type")
        guard let (type, isAssumed) = componentType(reader, thing) else { return nil }
        var owner = Owner(
            id: id,
            type: type,
            position: thing.position,
            isTypeAssumed: isAssumed,
            basePath: ""
        )
        let maxCount = reader.integer("max_concurrent_count", in: 0...1_000_000, default: 0)
        let isDefault = reader.bool("default", default: false)
        let limit = type == .httpClient ? rateLimit(&reader) : nil
        reader.runtime()
        readShared(&reader, &owner)
        let actions = actions(&reader, thing, owner)
        if isAssumed, !actions.isEmpty {
            diagnostics.assumed(
                "`\(id)` has no `type`; taken as `http-client`",
                at: thing.position,
                keyPath: thing.keyPath
            )
        }
        reader.finish(
            noted: ["stream_format", "stream_fragmented", "manage", "batch_size"],
            refused: RefusedKeys.components
        )
        return ComponentPlan(
            id: id,
            type: type,
            maxConcurrentCount: maxCount,
            rateLimit: limit,
            server: owner.server,
            position: thing.position,
            isDefault: isDefault,
            actions: actions
        )
    }

    private func componentType(
        _ reader: SettingsReader,
        _ thing: Thing
    )
        -> (ComponentType, isAssumed: Bool)?
    {
        let words = ComponentType.allCases.map(\.rawValue)
        let listed = words.map { "`\($0)`" }.joined(separator: ", ")
        guard let node = thing.node["type"], !node.isNull else {
            guard reader.entries.allSatisfy({ Self.httpKeys.contains($0.key) }) else {
                diagnostics.error(
                    "the component has no `type`, expected one of \(listed)",
                    at: thing.position,
                    keyPath: thing.keyPath
                )
                return nil
            }
            return (.httpClient, true)
        }
        if let type = node.scalarText.flatMap(ComponentType.init(rawValue:)) {
            return (type, false)
        }
        diagnostics.error(
            "there is no component type \(node.scalarText.map { "`\($0.clipped)`" } ?? node.found); there are \(listed)",
            at: node.position,
            keyPath: reader.path("type"),
            suggestion: node.scalarText.flatMap { NearestName.suggest($0, among: words) }
        )
        return nil
    }

    private func readShared(_ reader: inout SettingsReader, _ owner: inout Owner) {
        owner.afterCrash = afterCrash(&reader, owner.type)
        switch owner.type {
        case .httpClient:
            owner.base = reader.node("base_url")
            readHTTP(&reader, &owner)
        case .httpServer:
            readServer(&reader, &owner)
            readHTTP(&reader, &owner)
        case .shell:
            owner.environment = reader.node("env")
            owner.workingDirectory = reader.node("base_dir")
            owner.timeout = reader.duration("timeout")
        case .workflow, .logger, .delay: break
        }
    }

    private func readHTTP(_ reader: inout SettingsReader, _ owner: inout Owner) {
        owner.headers = headers(&reader)
        owner.completion = reader.node("completion")
        owner.timeout = reader.duration("timeout", bareNumber: .documentMilliseconds)
    }

    private func readServer(_ reader: inout SettingsReader, _ owner: inout Owner) {
        let port = Int(reader.port("port") ?? 8000)
        owner.basePath = reader.string("base_path", default: "")
        var start = reader.texts("start")
        var directory = reader.string("working_dir")
        var environment = reader.textMap("env") ?? []
        readScripts(&reader)
        if var manage = reader.map("manage") {
            if var scripts = manage.map("scripts") {
                start = start ?? scripts.texts("start")
                readScripts(&scripts)
                scripts.finish()
            } else {
                start = start ?? manage.texts("start")
                readScripts(&manage)
            }
            directory = directory ?? manage.string("working_dir")
            if environment.isEmpty { environment = manage.textMap("env") ?? [] }
            manage.finish()
        }
        let timeout = reader.duration("start_timeout", default: .seconds(30))
        guard let start, !start.isEmpty else {
            // One that is there and wrong was told.
            if reader.has("start"), start == nil || start?.isEmpty == true { return }
            incomplete(
                "`\(owner.id)` has no `start`, the program of an http-server and its arguments",
                at: owner.position,
                keyPath: reader.keyPath,
                keys: ["start", "manage"]
            )
            return
        }
        owner.server = ServerPlan(
            start: start,
            port: port,
            workingDirectory: directory,
            environment: environment.map { (name: $0.key, value: $0.value) },
            startTimeout: timeout
        )
    }

    /// Says of the scripts that prepare a server that they are not run here.
    private func readScripts(_ reader: inout SettingsReader) {
        for key in ["install", "build", "clean"] {
            guard let node = reader.node(key) else { continue }
            diagnostics.report(
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

    /// The actions: those under `action` or `actions`, else the one whose keys stand beside `type`.
    private func actions(
        _ reader: inout SettingsReader,
        _ thing: Thing,
        _ owner: Owner
    )
        -> [ActionPlan]
    {
        reader.note("action", "actions")
        let written = things(thing.node, "action", "actions", in: thing.keyPath)
        guard !written.isEmpty else {
            return [action(&reader, id: "__action__", isDefault: false, owner, isInline: true)]
                .compactMap { $0 }
        }
        var plans: [ActionPlan] = []
        for one in written {
            var inner = SettingsReader(
                one.node,
                keyPath: one.keyPath,
                diagnostics: diagnostics,
                filling: filling
            )
            let id = one.key ?? inner.string("id") ?? "__action__"
            inner.note("id", "name", "title", "description")
            if plans.contains(where: { $0.id == id }) {
                inner.error(
                    "there is another action with the id `\(id)`",
                    at: one.position,
                    key: "id"
                )
            }
            let isDefault = inner.bool("default", default: false)
            if let plan = action(&inner, id: id, isDefault: isDefault, owner, isInline: false) {
                plans.append(plan)
            }
            inner.finish(
                noted: ["stream_format", "stream_fragmented", "batch_size"],
                refused: RefusedKeys.components
            )
        }
        return plans
    }

    private func rateLimit(_ reader: inout SettingsReader) -> RateLimit? {
        guard let node = reader.setting("rate_limit") else { return nil }
        if case .map = node.content {
            var inner = SettingsReader(
                node,
                keyPath: reader.path("rate_limit"),
                diagnostics: diagnostics,
                filling: filling
            )
            let limit = RateLimit.read(map: &inner, isPaced: true)
            inner.finish()
            return limit
        }
        return RateLimit.read(node, key: "rate_limit", reader)
    }
}
