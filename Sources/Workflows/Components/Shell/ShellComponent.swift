internal import Documents
internal import Expressions
internal import JSONWire
internal import Primitives

/// The component type `shell`: programs on this machine.
struct ShellComponent: ComponentType {
    /// The settings of a component that all of its actions share.
    struct Shared {
        let environment: Node?
        let workingDirectory: Node?
    }

    let command: Template
    let environment: Template?
    let workingDirectory: Template?
    let standardInput: Template?
    let takesAnyExitCode: Bool

    static let name = "shell"
    static let takesAfterCrash = true
    // What a program has done before the crash may be anything: it is not done twice unless the configuration says so.
    static let repeatsAfterCrash = false

    static func readShared(
        _ reader: inout SettingsReader,
        _ component: inout ComponentReading,
        _ compiler: PlanCompiler
    ) -> Shared {
        let shared = Shared(
            environment: reader.node("env"),
            workingDirectory: reader.node("base_dir")
        )
        component.timeout = reader.duration("timeout")
        return shared
    }

    static func read(
        _ reader: inout SettingsReader,
        _ shared: Shared,
        _ action: inout ActionReading
    ) -> ShellComponent? {
        let compiler = action.compiler
        if !action.isInline { action.timeout = reader.duration("timeout") ?? action.timeout }
        let directory = reader.node("working_dir") ?? shared.workingDirectory
        let environment = merged(shared.environment, reader.node("env"))
        let takesAny = reader.bool("ignore_exit_code", default: false)
        let input = compiler.template(&reader, "stdin", .component)
        guard let command = reader.node("command") else {
            compiler.incomplete(
                "`\(action.component.id)` has no `command`, the list of a program and its arguments",
                at: action.component.position,
                keyPath: reader.keyPath,
                keys: ["command"]
            )
            return nil
        }
        if case .list(let words) = command.content, words.isEmpty {
            reader.error(
                "found an empty list, expected a list of the program and its arguments",
                at: command.position,
                key: "command"
            )
            return nil
        }
        guard case .list = command.content else {
            reader.mismatch(
                command,
                key: "command",
                expected: "a list of the program and its arguments",
                suggestion: command.scalarText.map { text in
                    "[" + text.split(separator: " ").joined(separator: ", ") + "]"
                }
            )
            return nil
        }
        guard let template = compiler.template(command, .component, keyPath: reader.path("command"))
        else {
            return nil
        }
        return ShellComponent(
            command: template,
            environment: environment.flatMap {
                compiler.template($0, .component, keyPath: reader.path("env"))
            },
            workingDirectory: directory.flatMap {
                compiler.template($0, .component, keyPath: reader.path("working_dir"))
            },
            standardInput: input,
            takesAnyExitCode: takesAny
        )
    }

    func call(_ context: CallContext) throws(EvaluationError) -> AskedWork {
        let scope = context.scope
        let command = try self.command.evaluate(scope)
        guard case .array(let words) = command, !words.isEmpty else {
            return context.refused("`command` must be a list of the program and its arguments")
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
            return context.refused(
                "the program's name is empty, or a text of the call has a NUL byte"
            )
        }
        return .call(
            ShellCall(
                component: context.action.component,
                arguments: arguments,
                environment: environment,
                workingDirectory: directory.isNull ? nil : TextForm.text(of: directory),
                standardInput: input.isNull ? nil : Array(TextForm.text(of: input).utf8),
                timeout: context.action.timeout,
                takesAnyExitCode: takesAnyExitCode
            )
        )
    }

    /// The entries of two maps, the second one's winning.
    private static func merged(_ below: Node?, _ above: Node?) -> Node? {
        guard let below, let above, case .map(let lower) = below.content,
            case .map(let upper) = above.content
        else { return above ?? below }
        let kept = lower.filter { entry in !upper.contains { $0.key == entry.key } }
        return Node(.map(kept + upper), at: above.position)
    }
}
