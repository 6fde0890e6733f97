import Documents
import Expressions

@testable import Workflows

/// A second dialect, of these tests alone: a list of `tasks`, one after another, with `{{ … }}` expressions.
enum TasksFixture: WorkflowDialect {
    static let rules = DialectRules(
        step: "task",
        sources: SourceSet(of: [.input, .jobs, .context]),
        insideStep: [],
        insideFold: [],
        insideHandler: SourceSet(of: [.error]),
        output: SourceSet(of: [.input, .jobs]),
        syntax: ExpressionSyntax(acceptsGoTemplates: true, words: ["tasks": .jobs])
    )

    /// The dialects of the program, behind this one.
    static let dialects: [any WorkflowDialect.Type] = [TasksFixture.self] + WorkflowDialects.all

    static func takes(_ entry: ConfigEntry) -> Bool { entry.node["tasks"] != nil }

    static func read(
        _ entry: ConfigEntry,
        filling: @escaping SettingFilling,
        _ diagnostics: Diagnostics
    ) -> WorkflowDraft? {
        var reader = SettingsReader(
            entry.node,
            keyPath: entry.keyPath,
            diagnostics: diagnostics,
            filling: filling
        )
        var steps: [StepDraft] = []
        for var task in reader.maps("tasks") ?? [] {
            var step = StepDraft(
                id: task.string("id", default: "task-\(steps.count)"),
                type: "basic",
                position: task.position,
                valuePosition: task.position,
                keyPath: task.keyPath
            )
            step.input = Written(&task, "with")
            step.dependencies = steps.suffix(1).map { before in
                [WrittenName(text: before.id, position: task.position, keyPath: task.keyPath)]
            }
            step.work = .call(
                CallDraft(
                    component: .named(
                        WrittenName(
                            text: task.string("tool", default: ""),
                            position: task.position,
                            keyPath: task.path("tool")
                        )
                    ),
                    action: WrittenName(
                        text: "__default__",
                        position: task.position,
                        keyPath: task.keyPath
                    ),
                    count: nil
                )
            )
            task.finish()
            steps.append(step)
        }
        let id = reader.string("id", default: "tasks")
        let output = Written(&reader, "outputs")
        reader.finish()
        return WorkflowDraft(
            rules: rules,
            id: id,
            title: nil,
            description: nil,
            isDefault: false,
            isPrivate: false,
            timeout: nil,
            steps: steps,
            output: output,
            position: entry.position
        )
    }
}
