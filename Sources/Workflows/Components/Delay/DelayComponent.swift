internal import Documents
internal import Expressions

/// The component type `delay`: pauses.
///
/// Where nothing is configured the step's input tells how long.
struct DelayComponent: ComponentType {
    let plan: DelayPlan

    static let name = "delay"
    static let builtIn: DelayComponent? = DelayComponent(
        plan: DelayPlan(kind: .interval(nil), zones: .none, position: nil)
    )

    static func read(
        _ reader: inout SettingsReader,
        _ shared: Void,
        _ action: inout ActionReading
    ) -> DelayComponent? {
        let compiler = action.compiler
        guard ["mode", "time", "duration"].contains(where: { reader.has($0) }) else {
            return DelayComponent(
                plan: DelayPlan(
                    kind: .interval(nil),
                    zones: compiler.settings.zones,
                    position: reader.position
                )
            )
        }
        return DelayDraft.read(&reader).flatMap { compiler.delay($0, .component) }
            .map { DelayComponent(plan: $0) }
    }

    /// A pause that may have to stand in line for a place is a call; the run times any other one itself.
    func call(_ context: CallContext) throws(EvaluationError) -> AskedWork {
        let pause = try plan.pause(
            context.scope,
            input: context.input,
            step: context.stepPosition
        )
        guard context.isBounded else { return .pause(pause) }
        return .call(DelayCall(component: context.action.component, pause: pause))
    }
}
