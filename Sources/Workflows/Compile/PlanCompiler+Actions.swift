internal import Documents
internal import Expressions
internal import JSONWire
internal import Primitives

extension PlanCompiler {
    /// Compiles the actions of a component: those under `action` or `actions`, else the one whose keys stand beside `type`.
    func actions<Type: ComponentType>(
        _ type: Type.Type,
        _ reader: inout SettingsReader,
        _ entry: ConfigEntry,
        _ component: ComponentReading,
        _ shared: Type.Shared
    ) -> [ActionPlan] {
        reader.note("action", "actions")
        let written = ConfigEntry.all(
            entry.node,
            "action",
            "actions",
            in: entry.keyPath,
            diagnostics
        )
        guard !written.isEmpty else {
            let reading = ActionReading(
                compiler: self,
                component: component,
                id: "__action__",
                isInline: true,
                timeout: component.timeout
            )
            return [action(type, &reader, shared, reading)].compactMap(\.self)
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
            let reading = ActionReading(
                compiler: self,
                component: component,
                id: id,
                isInline: false,
                timeout: component.timeout
            )
            if let plan = action(type, &inner, shared, reading, isDefault: isDefault) {
                plans.append(plan)
            }
            inner.finish(
                noted: ["stream_format", "stream_fragmented", "batch_size"],
                refused: RefusedKeys.components
            )
        }
        return plans
    }

    /// Compiles one action; an inline one shares its reader with the component.
    private func action<Type: ComponentType>(
        _ type: Type.Type,
        _ reader: inout SettingsReader,
        _ shared: Type.Shared,
        _ reading: ActionReading,
        isDefault: Bool = false
    ) -> ActionPlan? {
        (collected, openRequest) = ([], nil)
        var reading = reading
        let component = reading.component
        let afterCrash =
            (reading.isInline ? nil : afterCrash(&reader, type)) ?? component.afterCrash
        let work = type.read(&reader, shared, &reading)
        let output = template(&reader, "output", type.outputSources)
        guard let work else { return nil }
        let plan = ActionPlan(
            id: reading.id,
            component: component.id,
            isDefault: isDefault,
            work: work,
            output: output,
            completion: reading.completion,
            timeout: reading.timeout,
            repeatsAfterCrash: afterCrash.map { $0 == "repeat" } ?? type.repeatsAfterCrash,
            position: reader.position,
            inputReferences: collected.flatMap(\.references).filter { $0.source == .input },
            inputHints: collected.flatMap(\.hints)
        )
        openRequests[ObjectIdentifier(plan)] = openRequest
        return plan
    }

    /// What becomes of a call that a crash interrupts, where it says so.
    func afterCrash<Type: ComponentType>(
        _ reader: inout SettingsReader,
        _ type: Type.Type
    ) -> String? {
        type.takesAfterCrash ? reader.oneOf("after_crash", ["repeat", "fail"]) : nil
    }
}
