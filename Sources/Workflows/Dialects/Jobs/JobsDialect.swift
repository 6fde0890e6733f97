internal import Documents
internal import Expressions

/// Workflows as `jobs:`, with `${…}` expressions.
enum JobsDialect: WorkflowDialect {
    static let rules = DialectRules(
        step: "job",
        sources: SourceSet(of: [.input, .jobs, .context, .gateway, .env, .secret, .output]),
        insideStep: SourceSet(of: [.item, .index]),
        insideFold: SourceSet(of: [.accumulator]),
        insideHandler: SourceSet(of: [.error]),
        output: .workflowOutput,
        syntax: .dollar
    )

    // Whatever no other dialect takes is read as this one, so that what is wrong with it is told in its words.
    static func takes(_ entry: ConfigEntry) -> Bool { true }

    static func read(
        _ entry: ConfigEntry,
        filling: @escaping SettingFilling,
        _ diagnostics: Diagnostics
    ) -> WorkflowDraft? {
        guard case .map = entry.node.content else {
            diagnostics.error(
                "found \(entry.node.found), expected a map",
                at: entry.position,
                keyPath: entry.keyPath
            )
            return nil
        }
        return JobsReader(filling: filling, diagnostics: diagnostics).workflow(entry)
    }
}
