/// Everything a configuration says about workflows and components, compiled.
///
/// Immutable; shared by all runs that started with it.
package struct PlanSet: Sendable {
    /// The workflows in the order written.
    package let workflows: [WorkflowPlan]
    /// The declared components in the order written; inline ones of jobs are not among them.
    package let components: [ComponentPlan]
    /// The only workflow, else the one with `default: true`; nil where there is neither.
    package let defaultWorkflow: WorkflowPlan?
    /// The waits that components will cause, for `sluice check`.
    package let waits: [PlannedWait]
    /// The channels of the endpoints that waits name, by a URL of theirs or by `endpoint:`.
    package let channelsInUse: Set<UInt32>
    /// The addresses of requests that are known at load, or how they begin.
    package let fixedURLs: [FixedURL]

    /// Whether a run can wait for a callback: in a component's call, or in a step of type `wait`.
    package var canWait: Bool {
        !waits.isEmpty
            || workflows.contains { workflow in
                workflow.steps.contains { step in
                    if case .wait = step.work { true } else { false }
                }
            }
    }

    /// The workflow with an id; `__default__` is the default one.
    package func find(_ id: String) -> WorkflowPlan? {
        if let found = workflows.first(where: { $0.id == id }) { return found }
        return id == "__default__" ? defaultWorkflow : nil
    }
}
