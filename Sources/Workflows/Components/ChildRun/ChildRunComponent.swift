internal import Documents
internal import Expressions
internal import JSONWire

/// The component type `workflow`: runs of another workflow.
struct ChildRunComponent: ComponentType {
    let workflow: String
    /// What the run gets; nil for the step's input.
    let input: Template?

    static let name = "workflow"
    /// The child's output, too.
    static let outputSources = SourceSet.component.union(SourceSet(of: [.output]))

    var startedWorkflow: String? { workflow }

    static func read(
        _ reader: inout SettingsReader,
        _ shared: Void,
        _ action: inout ActionReading
    ) -> ChildRunComponent? {
        let node = reader.node("workflow")
        let id = node?.scalarText ?? "__default__"
        action.compiler.wantedWorkflows.append(
            (id, node?.position ?? action.component.position, reader.path("workflow"))
        )
        return ChildRunComponent(
            workflow: id,
            input: action.compiler.template(&reader, "input", .component)
        )
    }

    func call(_ context: CallContext) throws(EvaluationError) -> AskedWork {
        let value = try input?.evaluate(context.scope) ?? context.input
        return .childRun(workflow: workflow, input: value)
    }
}
