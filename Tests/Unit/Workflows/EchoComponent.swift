import Documents
import Expressions
import JSONWire
import Primitives

@testable import Workflows

/// A component type of these tests alone: it says back what it is given.
struct EchoComponent: ComponentType {
    /// What stands on the component itself.
    struct Shared {
        let prefix: String
    }

    let text: Template
    let prefix: String

    static let name = "echo-test"
    static let takesAfterCrash = true
    static let repeatsAfterCrash = false

    /// The types of the program, and this one.
    static let table = ComponentTable(ComponentTable.types + [EchoComponent.self])

    static func readShared(
        _ reader: inout SettingsReader,
        _ component: inout ComponentReading,
        _ compiler: PlanCompiler
    ) -> Shared {
        component.timeout = reader.duration("timeout")
        return Shared(prefix: reader.string("prefix", default: ""))
    }

    static func read(
        _ reader: inout SettingsReader,
        _ shared: Shared,
        _ action: inout ActionReading
    ) -> EchoComponent? {
        guard let text = action.compiler.template(&reader, "text", .component) else {
            reader.missing("text", expected: "what is said")
            return nil
        }
        return EchoComponent(text: text, prefix: shared.prefix)
    }

    func call(_ context: CallContext) throws(EvaluationError) -> AskedWork {
        let text = TextForm.text(of: try text.evaluate(context.scope))
        if text.isEmpty { return context.refused("there is nothing to say") }
        return .call(EchoCall(component: context.action.component, text: prefix + text))
    }
}

/// Something to be said back.
final class EchoCall: ComponentCall {
    let component: String
    let text: String

    init(
        component: String,
        text: String
    ) {
        self.component = component
        self.text = text
    }

    /// What an echo means: nothing that came back is a failure.
    func outcome(heard: String) -> CallOutcome {
        if heard.isEmpty {
            return .failure(CallFailure(code: .componentFailed, message: "nothing came back"))
        }
        let value: JSONObject = ["said": .string(heard)]
        return .success(.object(value), status: 0)
    }
}
