internal import Expressions

extension WorkflowPlan {
    /// The members of the output, as far as the configuration tells them: those of `output:`, else those of the last
    /// step's; empty where they are known only at run time.
    package var outputFields: [InputField] {
        guard let template = output ?? lastOutput else { return [] }
        return template.memberTypes.map { member in
            InputField(name: member.name, type: member.type, defaultValue: nil, description: nil)
        }
    }

    /// The output of the only step that nothing comes after; nil where there are several.
    private var lastOutput: Template? {
        let last = steps.prefix(topCount).filter { $0.dependents.isEmpty && !$0.isRouted }
        guard last.count == 1, let step = last.first else { return nil }
        if let output = step.output { return output }
        guard case .action(let action) = step.work else { return nil }
        return action.output
    }
}
