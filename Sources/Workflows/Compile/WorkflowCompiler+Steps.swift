internal import Documents
internal import Expressions
internal import JSONWire
internal import Primitives

extension WorkflowCompiler {
    /// What a step's expressions may name at a place.
    func sources(_ place: StepPlace, with more: [Source] = []) -> SourceSet {
        draft.rules.sources(place).union(SourceSet(of: more))
    }

    /// Compiles one step into its place.
    func compile(_ step: StepDraft, _ place: StepPlace) {
        let index = place.index
        parts[index].type = step.type
        parts[index].input = template(step.input, place, isInput: true)
        parts[index].output = template(step.output, place)
        parts[index].timeout = step.timeout
        parts[index].runCountMax = step.runCountMax
        var retry = step.retry.policy
        retry.condition = condition(step.retry.condition, place, with: [.error, .http])
        parts[index].retry = retry
        parts[index].before = step.before.map { interrupt($0, place) }
        parts[index].after = step.after.map { interrupt($0, place) }
        for names in step.dependencies {
            let group = names.compactMap { dependency($0, place) }
            if !group.isEmpty { parts[index].dependencies.append(group) }
        }
        if let work = work(step, place) { parts[index].work = work }
        // Behind the work, so that the first place of a name is told and not that in a handler.
        if let onError = onError(step, place) { parts[index].onError = onError }
    }

    /// Compiles a template of a step and keeps what it refers to.
    func template(
        _ written: Written?,
        _ place: StepPlace,
        isInput: Bool = false,
        with more: [Source] = []
    ) -> Template? {
        guard let written,
            let template = plans.template(written, sources(place, with: more))
        else { return nil }
        for reference in template.references {
            references.append((place.index, reference, isInput))
        }
        keep(template.references, template.hints)
        return template
    }

    /// Compiles a condition of a step and keeps what it refers to.
    func condition(
        _ written: Written?,
        _ place: StepPlace,
        isInput: Bool = false,
        with more: [Source] = []
    ) -> Condition? {
        guard let written else { return nil }
        let condition = plans.condition(written, sources(place, with: more))
        for reference in condition?.references ?? [] {
            references.append((place.index, reference, isInput))
        }
        return condition
    }

    private func interrupt(_ draft: InterruptDraft, _ place: StepPlace) -> InterruptPlan {
        InterruptPlan(
            condition: condition(draft.condition, place, with: [.job]),
            message: template(draft.message, place, with: [.job]),
            metadata: template(draft.metadata, place, with: [.job])
        )
    }

    private func dependency(_ name: WrittenName, _ place: StepPlace) -> Int? {
        guard let target = step(name) else { return nil }
        guard target != place.index else {
            diagnostics.error(
                "\(stepWord) `\(parts[target].id)` depends on itself",
                at: name.position,
                keyPath: name.keyPath
            )
            return nil
        }
        return target
    }

    /// The top-level step that a name leads to.
    private func step(_ name: WrittenName) -> Int? {
        if let index = topIDs[name.text] { return index }
        diagnostics.error(
            "there is no \(stepWord) `\(name.text.clipped)` in this workflow",
            at: name.position,
            keyPath: name.keyPath,
            suggestion: NearestName.suggest(name.text, among: topIDs.keys.sorted())
        )
        return nil
    }

    /// The step a route leads to; remembers the route.
    func route(_ name: WrittenName?, _ place: StepPlace) -> Int? {
        guard let name, let target = step(name) else { return nil }
        if place.isBody || place.isHandler {
            diagnostics.error(
                "only a \(stepWord) of the workflow's own list can lead to another",
                at: name.position,
                keyPath: name.keyPath
            )
            return nil
        }
        routes.append((place.index, target))
        parts[target].isRouted = true
        return target
    }

    /// What happens when a step has failed; nil where it was refused.
    private func onError(_ step: StepDraft, _ place: StepPlace) -> OnErrorPlan? {
        switch step.onError {
        case .fail: return .fail
        case .output(let output): return .output(template(output, place, with: [.error]))
        case .route(let name, let output):
            let output = template(output, place, with: [.error])
            return route(name, place).map { .route(to: $0, output: output) }
        case .steps(let handlers):
            let indices = self.handlers(handlers, place)
            return indices.isEmpty ? nil : .steps(indices)
        }
    }

    private func handlers(_ handlers: [StepDraft], _ place: StepPlace) -> [Int] {
        var indices: [Int] = []
        for handler in handlers {
            if parts.contains(where: { $0.id == handler.id && !$0.isBody }) {
                tellTwice(handler)
                continue
            }
            var part = StepParts(id: handler.id, type: handler.type, position: handler.position)
            part.role = .handler(of: place.index)
            part.previous = indices.last ?? -1
            indices.append(parts.count)
            parts.append(part)
            compile(handler, StepPlace(index: parts.count - 1, isHandler: true))
        }
        return indices
    }
}

extension StepParts {
    /// Whether it is the `do` of another step.
    var isBody: Bool {
        if case .body = role { true } else { false }
    }
}
