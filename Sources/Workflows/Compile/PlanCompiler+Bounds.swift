internal import Documents

extension PlanCompiler {
    /// Refuses a bound of a workflow component that a run would wait for while it holds it: its workflow comes back
    /// to the component, itself or through others.
    ///
    /// Places of components that do not come back to themselves are always taken in one order, so nothing else waits
    /// in a circle.
    func checkBounds(_ plans: PlanSet) {
        var seen: Set<ObjectIdentifier> = []
        for step in plans.workflows.flatMap(\.steps) {
            guard let component = step.component, component.maxConcurrentCount > 0,
                seen.insert(ObjectIdentifier(component)).inserted,
                let way = way(from: component, plans)
            else { continue }
            diagnostics.error(
                "`max_concurrent_count` cannot bound `\(component.id)`: workflow "
                    + way.map { "`\($0)`" }.joined(separator: ", which starts ")
                    + " uses the component again, and would wait for a place that its own run holds",
                at: component.position
            )
        }
    }

    /// The workflows from a component to one that uses the same component; nil where there are none.
    private func way(from component: ComponentPlan, _ plans: PlanSet) -> [String]? {
        var ways = component.actions.compactMap(\.work.startedWorkflow).map { [$0] }
        var seen: Set<String> = []
        while let way = ways.popLast() {
            guard let id = way.last, seen.insert(id).inserted, let workflow = plans.find(id) else {
                continue
            }
            for step in workflow.steps {
                if step.component === component { return way }
                if let next = step.startedWorkflow { ways.append(way + [next]) }
            }
        }
        return nil
    }
}

extension StepPlan {
    /// The workflow it starts; nil where it does something else.
    fileprivate var startedWorkflow: String? {
        if case .action(let action) = work { action.work.startedWorkflow } else { nil }
    }
}
