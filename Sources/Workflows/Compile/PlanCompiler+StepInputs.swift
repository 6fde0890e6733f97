internal import Documents
internal import Expressions
internal import JSONWire

extension PlanCompiler {
    /// The action as one step calls it: with a wait where the step's input is constant text that makes it send a URL of ours.
    ///
    /// An action that says how it completes is left as it is.
    func action(
        _ action: ActionPlan,
        with input: Template?,
        at keyPath: String,
        step: String
    ) -> ActionPlan {
        guard let input else { return action }
        if input.references.contains(where: Self.isRunID) { inputsCarryRunID = true }
        guard var request = openRequests[ObjectIdentifier(action)] else { return action }
        var found: [CarriedURL] = []
        for reference in request.references where reference.source == .input {
            found += ownURLs(
                texts(input, at: keyPath, under: reference.steps),
                through: reference
            )
        }
        guard !found.isEmpty else { return action }
        request.urls += found
        request.step = step
        return ActionPlan(action, completion: unsaid(request))
    }

    /// The texts of a step's input that a path into it leads to.
    private func texts(
        _ input: Template,
        at keyPath: String,
        under steps: [PathStep]
    ) -> [URLText] {
        var path = keyPath
        loop: for step in steps {
            switch step {
            case .member(let name): path += ".\(name.text)"
            case .index(let index) where index >= 0: path += "[\(index)]"
            // Any of what is below may be meant.
            default: break loop
            }
        }
        return input.texts.filter { text in
            text.keyPath == path || text.keyPath.hasPrefix(path + ".")
                || text.keyPath.hasPrefix(path + "[")
        }
    }
}
