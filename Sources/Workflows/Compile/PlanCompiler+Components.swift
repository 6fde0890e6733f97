internal import Documents
internal import Expressions
internal import JSONWire
internal import Primitives

extension PlanCompiler {
    /// Compiles one declared component.
    func add(component entry: ConfigEntry) {
        let written = entry.key ?? entry.node["id"]?.scalarText
        let id = written ?? "__component__"
        if let first = components.first(where: { $0.id == id }) {
            let hint = written == nil ? "; components without an id share `__component__`" : ""
            diagnostics.error(
                "there is another component with the id `\(id)` at \(first.position.description)\(hint)",
                at: entry.position,
                keyPath: entry.keyPath
            )
        }
        if let plan = component(entry, id: id) {
            components.append(plan)
        } else {
            refusedComponents.insert(id)
        }
    }

    /// Compiles a component, declared or written inside a step.
    func component(_ entry: ConfigEntry, id: String) -> ComponentPlan? {
        var reader = SettingsReader(
            entry.node,
            keyPath: entry.keyPath,
            diagnostics: diagnostics,
            filling: filling
        )
        guard case .map = entry.node.content else { return nil }
        if let key = entry.key, let written = reader.string("id"), written != key {
            reader.error(
                "found the id `\(written)` under the key `\(key)`",
                at: entry.position,
                key: "id"
            )
        }
        reader.note("id", "name", "title", "description", "type")
        guard let (type, isAssumed) = componentType(reader, entry) else { return nil }
        let component = ComponentReading(
            id: id,
            position: entry.position,
            isTypeAssumed: isAssumed
        )
        return self.component(type, &reader, entry, component)
    }

    private func component<Type: ComponentType>(
        _ type: Type.Type,
        _ reader: inout SettingsReader,
        _ entry: ConfigEntry,
        _ component: ComponentReading
    ) -> ComponentPlan {
        var component = component
        let maxCount = reader.integer("max_concurrent_count", in: 0...1_000_000, default: 0)
        let isDefault = reader.bool("default", default: false)
        reader.runtime()
        component.afterCrash = afterCrash(&reader, type)
        let shared = type.readShared(&reader, &component, self)
        let actions = actions(type, &reader, entry, component, shared)
        if component.isTypeAssumed, !actions.isEmpty {
            diagnostics.assumed(
                "`\(component.id)` has no `type`; taken as `\(type.name)`",
                at: entry.position,
                keyPath: entry.keyPath
            )
        }
        reader.finish(
            noted: ["stream_format", "stream_fragmented", "manage", "batch_size"],
            refused: RefusedKeys.components
        )
        return ComponentPlan(
            id: component.id,
            type: type.name,
            maxConcurrentCount: maxCount,
            rateLimit: component.rateLimit,
            server: component.server,
            position: entry.position,
            isDefault: isDefault,
            actions: actions
        )
    }

    private func componentType(
        _ reader: SettingsReader,
        _ entry: ConfigEntry
    )
        -> (any ComponentType.Type, isAssumed: Bool)?
    {
        let table = settings.components
        let words = table.names
        let listed = words.map { "`\($0)`" }.joined(separator: ", ")
        guard let node = entry.node["type"], !node.isNull else {
            let keys = reader.entries.map(\.key)
            guard let meant = table.types.first(where: { $0.isMeant(by: keys) }) else {
                diagnostics.error(
                    "the component has no `type`, expected one of \(listed)",
                    at: entry.position,
                    keyPath: entry.keyPath
                )
                return nil
            }
            return (meant, true)
        }
        if let type = node.scalarText.flatMap(table.find) {
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

    /// Reads `rate_limit`: a text such as `10/s`, or a map.
    func rateLimit(_ reader: inout SettingsReader) -> RateLimit? {
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
