internal import Documents
internal import Expressions
internal import JSONWire
internal import Primitives

extension WorkflowCompiler {
    /// Compiles what a step does; nil where it is refused.
    func work(_ step: StepDraft, _ place: StepPlace) -> StepWork? {
        switch step.work {
        case .nothing(let bodies):
            for body in bodies { self.body(body, place) }
            return nil
        case .call(let call): return self.call(call, step, place)
        case .wait(let wait): return self.wait(wait, place)
        case .delay(let delay): return self.delay(delay, place)
        case .choose(let cases, let otherwise): return choose(cases, otherwise, place)
        case .random(let ways): return random(ways, place)
        case .filter(let condition): return filter(condition, place)
        case .each(let body, let parallelMax, let collectsFailures):
            return .each(
                EachPlan(
                    body: self.body(body, place),
                    count: nil,
                    parallelMax: parallelMax,
                    collectsFailures: collectsFailures
                )
            )
        case .loop(let body, let condition, let goesOnWhenTrue, let iterationsMax):
            let index = self.body(body, place, isSeries: true)
            return self.condition(condition, place, with: [.item, .index]).map {
                .loop(
                    LoopPlan(
                        body: index,
                        condition: $0,
                        goesOnWhenTrue: goesOnWhenTrue,
                        iterationsMax: iterationsMax
                    )
                )
            }
        case .fold(let body, let start):
            let start = template(start, place)
            return .fold(FoldPlan(body: self.body(body, place, isFold: true), start: start))
        case .pipeline(let bodies):
            return .pipeline(
                PipelinePlan(bodies: bodies.map { self.body($0, place, isSeries: true) })
            )
        case .fanOut(let names): return .fanOut(names)
        }
    }

    /// Compiles a step inside of another; the result is its index.
    @discardableResult
    private func body(
        _ step: StepDraft,
        _ place: StepPlace,
        isSeries: Bool = false,
        isFold: Bool = false
    ) -> Int {
        var part = StepParts(
            id: parts[place.index].id,
            type: step.type,
            position: step.position
        )
        part.role = .body(of: place.index)
        // In a series `${output}` is that of the iteration or step before.
        part.previous = isSeries ? -1 : parts[place.index].previous
        let index = parts.count
        parts.append(part)
        compile(
            step,
            StepPlace(
                index: index,
                isBody: true,
                isFold: isFold || place.isFold,
                isHandler: place.isHandler
            )
        )
        return index
    }

    private func wait(_ draft: WaitDraft, _ place: StepPlace) -> StepWork? {
        let channels = plans.channels(draft.channel) ?? [0]
        guard let written = draft.key, let key = template(written, place, isInput: true) else {
            return nil
        }
        plans.adviseOfConstant(
            key,
            written,
            sources(place),
            "every run waits for the same key"
        )
        return .wait(WaitPlan(key: key, channels: channels, timeout: draft.timeout))
    }

    private func delay(_ draft: DelayDraft, _ place: StepPlace) -> StepWork? {
        guard let plan = plans.delay(draft, sources(place)) else { return nil }
        for reference in plan.references { references.append((place.index, reference, true)) }
        return .delay(plan)
    }

    private func choose(
        _ drafts: [ChoiceDraft],
        _ otherwise: WrittenName?,
        _ place: StepPlace
    ) -> StepWork {
        var cases: [ChoicePlan.Case] = []
        for draft in drafts {
            let yes = route(draft.whenTrue, place)
            let no = route(draft.whenFalse, place)
            if let holds = condition(draft.condition, place, isInput: true) {
                cases.append(ChoicePlan.Case(holds: holds, whenTrue: yes, whenFalse: no))
            }
        }
        return .choose(ChoicePlan(cases: cases, otherwise: route(otherwise, place)))
    }

    private func random(
        _ ways: [(to: WrittenName?, weight: Double)],
        _ place: StepPlace
    ) -> StepWork? {
        let found = ways.compactMap { way in
            route(way.to, place).map { (target: $0, weight: way.weight) }
        }
        // A way that is wrong was told, and so were weights that leave no way.
        guard found.count == ways.count, found.contains(where: { $0.weight > 0 }) else {
            return nil
        }
        return .random(RandomPlan(targets: found.map(\.target), weights: found.map(\.weight)))
    }

    private func filter(_ written: Written?, _ place: StepPlace) -> StepWork? {
        guard let written else { return .filter(nil) }
        return condition(written, place, isInput: true, with: [.item, .index]).map { .filter($0) }
    }
}
