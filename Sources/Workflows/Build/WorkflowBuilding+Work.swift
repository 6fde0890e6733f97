internal import Documents
internal import Expressions
internal import JSONWire
internal import Primitives

extension WorkflowBuilding {
    /// Reads what a step does.
    func readWork(_ reader: inout SettingsReader, _ place: Place, _ type: String) {
        let work: StepWork? =
            switch type {
            case "component": component(&reader, place)
            case "wait": wait(&reader, place)
            case "delay":
                plans.delayPlan(&reader, sources(place)).map { plan in
                    for reference in plan.references {
                        references.append((place.index, reference, true))
                    }
                    return .delay(plan)
                }
            case "if": choices(&reader, place)
            case "switch": cases(&reader, place)
            case "random-router": lots(&reader, place)
            case "filter": filter(&reader, place)
            case "for-each": each(&reader, place)
            case "pipeline": pipeline(&reader, place)
            case "accumulate": fold(&reader, place)
            case "fan-out": fanOut(&reader, place)
            default: loop(&reader, place)
            }
        if let work { parts[place.index].work = work }
    }

    private func component(_ reader: inout SettingsReader, _ place: Place) -> StepWork? {
        let node = reader.node("component")
        let actionNode = reader.node("action")
        let component = component(node, reader, place)
        if let count = reader.node("repeat_count"), count.raw != "1" {
            return repeated(count, component, actionNode, reader, place)
        }
        guard let component, let called = action(component, actionNode, reader) else { return nil }
        let action = plans.action(
            called,
            with: parts[place.index].input,
            at: reader.path("input"),
            step: parts[place.index].id
        )
        parts[place.index].component = component
        keepInputs(of: action, place)
        return .action(action)
    }

    /// The component that a step names, has inside, or means by naming none.
    private func component(
        _ node: Node?,
        _ reader: SettingsReader,
        _ place: Place
    )
        -> ComponentPlan?
    {
        if let node, case .map = node.content {
            let id = node["id"]?.scalarText ?? "\(workflowID).\(parts[place.index].id)"
            return plans.component(
                PlanBuilding.Thing(
                    key: nil,
                    node: node,
                    position: node.position,
                    keyPath: reader.path("component")
                ),
                id: id
            )
        }
        if let node, node.scalarText == nil {
            reader.mismatch(
                node,
                key: "component",
                expected: "the id of a component, or a component"
            )
            return nil
        }
        let id = node.flatMap(\.scalarText) ?? "__default__"
        if let declared = plans.components.first(where: { $0.id == id }) { return declared }
        if let builtIn = ComponentPlan.builtIn(id) { return builtIn }
        guard id == "__default__" else {
            // One that is there and wrong was told.
            if plans.refusedComponents.contains(id) { return nil }
            let known = plans.components.map(\.id)
            plans.absent(
                "component",
                "`\(id.clipped)`",
                at: node?.position ?? reader.position,
                keyPath: reader.path("component"),
                suggestion: NearestName.suggest(id, among: known + ["logger", "delay"])
            )
            return nil
        }
        let marked = plans.components.filter(\.isDefault)
        if let only = plans.components.count == 1 ? plans.components.first : marked.first {
            return only
        }
        let message =
            plans.components.isEmpty
            ? "the job names no `component`, and there is none"
            : "the job names no `component`, and of \(plans.components.count) none is marked `default: true`"
        guard plans.refusedComponents.isEmpty else { return nil }
        plans.incomplete(
            message,
            at: reader.position,
            keyPath: reader.keyPath,
            keys: ["component"]
        )
        return nil
    }

    private func action(
        _ component: ComponentPlan,
        _ node: Node?,
        _ reader: SettingsReader
    )
        -> ActionPlan?
    {
        let id = node?.scalarText ?? "__default__"
        let actions = component.actions
        if let named = actions.first(where: { $0.id == id }) { return named }
        if id == "__default__" {
            if actions.count == 1 { return actions.first }
            if let marked = actions.first(where: \.isDefault) { return marked }
            // A component without actions was refused where it stands.
            guard !actions.isEmpty else { return nil }
        }
        let known = actions.map(\.id)
        let listed = known.map { "`\($0)`" }.joined(separator: ", ")
        diagnostics.error(
            id == "__default__"
                ? "component `\(component.id)` has several actions; name one of \(listed)"
                : "component `\(component.id)` has no action `\(id.clipped)`; there are \(listed)",
            at: node?.position ?? reader.position,
            keyPath: reader.path("action"),
            suggestion: NearestName.suggest(id, among: known)
        )
        return nil
    }

    /// A step with `repeat_count`: its work as often as that, at once, with a list of the outputs.
    private func repeated(
        _ count: Node,
        _ component: ComponentPlan?,
        _ actionNode: Node?,
        _ reader: SettingsReader,
        _ place: Place
    ) -> StepWork? {
        let counted = template(count, place, keyPath: reader.path("repeat_count"))
        if let constant = counted?.constant {
            guard case .integer(0...) = constant else {
                reader.mismatch(count, key: "repeat_count", expected: "an integer of 0 or more")
                return nil
            }
        }
        guard let component, let called = action(component, actionNode, reader), let counted else {
            return nil
        }
        let action = plans.action(
            called,
            with: parts[place.index].input,
            at: reader.path("input"),
            step: parts[place.index].id
        )
        var body = parts[place.index]
        body.role = .body(of: place.index)
        body.work = .action(action)
        body.component = component
        body.output = nil
        body.retry = .none
        body.onError = .fail
        body.timeout = nil
        body.before = nil
        body.after = nil
        body.dependencies = []
        parts[place.index].input = nil
        parts[place.index].component = component
        keepInputs(of: action, place)
        parts.append(body)
        return .each(
            EachPlan(
                body: parts.count - 1,
                count: counted,
                parallelMax: 10_000,
                collectsFailures: false
            )
        )
    }

    /// A step that hands the workflow's input on as it is makes the component's fields the workflow's.
    private func keepInputs(of action: ActionPlan, _ place: Place) {
        let input = parts[place.index].input
        let passes =
            input == nil
            || input?.plainReference.map { $0.source == .input && $0.steps.isEmpty } == true
        if passes, !place.isBody { keep(action.inputReferences, action.inputHints) }
    }

    private func wait(_ reader: inout SettingsReader, _ place: Place) -> StepWork? {
        let timeout = reader.duration("timeout")
        let channels = plans.channels(&reader) ?? [0]
        guard let (key, node) = reader.node(anyOf: ["wait_for", "key"]) else {
            reader.missing("wait_for", expected: "the key to wait for")
            return nil
        }
        guard let template = template(node, place, keyPath: reader.path(key), isInput: true) else {
            return nil
        }
        plans.adviseOfConstant(
            template,
            node,
            sources(place),
            "every run waits for the same key",
            reader.path(key)
        )
        return .wait(WaitPlan(key: template, channels: channels, timeout: timeout))
    }

    private func filter(_ reader: inout SettingsReader, _ place: Place) -> StepWork? {
        guard let node = reader.node("where") else { return .filter(nil) }
        return condition(
            node,
            place,
            keyPath: reader.path("where"),
            isInput: true,
            with: [.item, .index]
        ).map { .filter($0) }
    }
}
