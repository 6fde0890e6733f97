package import Loops
package import Workflows

/// The gates of all components that have bounds.
package final class ComponentLimiters: Sendable {
    private let gates: [Key: ComponentLimiter]

    /// Makes the gates: one for each declared component, whoever uses it, and one for each written inside a step.
    ///
    /// `clock`: the loop whose timers wake what waits for its turn.
    package init(_ plans: PlanSet, clock: LoopPort) {
        var made: [ObjectIdentifier: ComponentLimiter] = [:]
        var gates: [Key: ComponentLimiter] = [:]
        for workflow in plans.workflows {
            for component in workflow.steps.compactMap(\.component) {
                let identity = ObjectIdentifier(component)
                guard let gate = made[identity] ?? ComponentLimiter(component, clock: clock) else {
                    continue
                }
                made[identity] = gate
                gates[Key(workflow: workflow.id, component: component.id)] = gate
            }
        }
        self.gates = gates
    }

    /// Lets what waits begin everywhere.
    func open() {
        for gate in gates.values { gate.open() }
    }

    /// Forgets what waits everywhere.
    func letGo() {
        for gate in gates.values { gate.letGo() }
    }

    /// The gate of a component as a workflow names it; nil where it has no bounds.
    func find(workflow: String, component: String) -> ComponentLimiter? {
        gates.isEmpty ? nil : gates[Key(workflow: workflow, component: component)]
    }

    /// A component as a workflow names it.
    private struct Key: Hashable {
        let workflow: String
        let component: String
    }
}
