internal import Documents
internal import Expressions
internal import JSONWire

/// Steps that call components.
extension WorkflowCompiler {
    func call(_ draft: CallDraft, _ step: StepDraft, _ place: StepPlace) -> StepWork? {
        let component = component(draft.component, step, place)
        if let count = draft.count { return repeated(count, component, draft, step, place) }
        guard let component, let called = action(component, draft.action) else { return nil }
        let action = plans.action(
            called,
            with: parts[place.index].input,
            at: step.input?.keyPath ?? "",
            step: parts[place.index].id
        )
        parts[place.index].component = component
        keepInputs(of: action, place)
        return .action(action)
    }

    /// The component that a step names, has inside, or means by naming none.
    private func component(
        _ draft: CallDraft.Component,
        _ step: StepDraft,
        _ place: StepPlace
    ) -> ComponentPlan? {
        switch draft {
        case .refused: return nil
        case .inline(let entry):
            let id = entry.node["id"]?.scalarText ?? "\(self.draft.id).\(parts[place.index].id)"
            return plans.component(entry, id: id)
        case .named(let name) where name.text != "__default__": return component(name)
        case .named(let name):
            return plans.components.first { $0.id == name.text } ?? onlyComponent(step)
        case .unnamed:
            return plans.components.first { $0.id == "__default__" } ?? onlyComponent(step)
        }
    }

    private func component(_ name: WrittenName) -> ComponentPlan? {
        if let declared = plans.components.first(where: { $0.id == name.text }) { return declared }
        let table = plans.settings.components
        if let builtIn = table.builtIn(name.text) { return builtIn }
        // One that is there and wrong was told.
        if plans.refusedComponents.contains(name.text) { return nil }
        let known = plans.components.map(\.id)
        plans.absent(
            "component",
            "`\(name.text.clipped)`",
            at: name.position,
            keyPath: name.keyPath,
            suggestion: NearestName.suggest(name.text, among: known + table.builtInNames)
        )
        return nil
    }

    /// The only component there is, or the one that is marked as the default.
    private func onlyComponent(_ step: StepDraft) -> ComponentPlan? {
        let marked = plans.components.filter(\.isDefault)
        if let only = plans.components.count == 1 ? plans.components.first : marked.first {
            return only
        }
        guard plans.refusedComponents.isEmpty else { return nil }
        plans.incomplete(
            plans.components.isEmpty
                ? "the \(stepWord) names no `component`, and there is none"
                : "the \(stepWord) names no `component`, and of \(plans.components.count) none is marked "
                    + "`default: true`",
            at: step.valuePosition,
            keyPath: step.keyPath,
            keys: ["component"]
        )
        return nil
    }

    private func action(_ component: ComponentPlan, _ name: WrittenName) -> ActionPlan? {
        let actions = component.actions
        if let named = actions.first(where: { $0.id == name.text }) { return named }
        let isDefault = name.text == "__default__"
        if isDefault {
            if actions.count == 1 { return actions.first }
            if let marked = actions.first(where: \.isDefault) { return marked }
            // A component without actions was refused where it stands.
            guard !actions.isEmpty else { return nil }
        }
        let known = actions.map(\.id)
        let listed = known.map { "`\($0)`" }.joined(separator: ", ")
        diagnostics.error(
            isDefault
                ? "component `\(component.id)` has several actions; name one of \(listed)"
                : "component `\(component.id)` has no action `\(name.text.clipped)`; there are \(listed)",
            at: name.position,
            keyPath: name.keyPath,
            suggestion: NearestName.suggest(name.text, among: known)
        )
        return nil
    }

    /// A step with a count: its work as often as that, at once, with a list of the outputs.
    private func repeated(
        _ count: Written,
        _ component: ComponentPlan?,
        _ draft: CallDraft,
        _ step: StepDraft,
        _ place: StepPlace
    ) -> StepWork? {
        let counted = template(count, place)
        if let constant = counted?.constant {
            guard case .integer(0...) = constant else {
                diagnostics.mismatch(count, expected: "an integer of 0 or more")
                return nil
            }
        }
        guard let component, let called = action(component, draft.action), let counted else {
            return nil
        }
        let action = plans.action(
            called,
            with: parts[place.index].input,
            at: step.input?.keyPath ?? "",
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
    private func keepInputs(of action: ActionPlan, _ place: StepPlace) {
        let input = parts[place.index].input
        let passes =
            input == nil
            || input?.plainReference.map { $0.source == .input && $0.steps.isEmpty } == true
        if passes, !place.isBody { keep(action.inputReferences, action.inputHints) }
    }
}
