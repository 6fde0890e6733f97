internal import Expressions
internal import JSONWire
internal import Primitives

extension ShellAction {
    /// Renders the program run.
    func call(
        _ action: ActionPlan,
        _ scope: ActionScope
    ) throws(EvaluationError) -> Result<ComponentCall, CallFailure> {
        let command = try self.command.evaluate(scope)
        guard case .array(let words) = command, !words.isEmpty else {
            return action.refused("`command` must be a list of the program and its arguments")
        }
        let arguments = words.map { TextForm.text(of: $0) }
        var environment: [(name: String, value: String)] = []
        if case .object(let object) = try self.environment?.evaluate(scope) ?? .null {
            environment = object.members.map { ($0.name, TextForm.text(of: $0.value)) }
        }
        let directory = try workingDirectory?.evaluate(scope) ?? .null
        let input = try standardInput?.evaluate(scope) ?? .null
        let texts = arguments + environment.flatMap { [$0.name, $0.value] }
        guard arguments.first?.isEmpty == false, !texts.contains(where: { $0.utf8.contains(0) })
        else {
            return action.refused(
                "the program's name is empty, or a text of the call has a NUL byte"
            )
        }
        return .success(
            .shell(
                ShellCall(
                    component: action.component,
                    arguments: arguments,
                    environment: environment,
                    workingDirectory: directory.isNull ? nil : TextForm.text(of: directory),
                    standardInput: input.isNull ? nil : Array(TextForm.text(of: input).utf8),
                    timeout: action.timeout,
                    takesAnyExitCode: takesAnyExitCode
                )
            )
        )
    }
}
