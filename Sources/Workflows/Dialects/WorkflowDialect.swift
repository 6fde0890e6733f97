internal import Documents

/// A way to write workflows.
protocol WorkflowDialect: Sendable {
    /// Whether an entry of `workflow:` or `workflows:` is written in it.
    static func takes(_ entry: ConfigEntry) -> Bool

    /// Reads a workflow; nil where it is none.
    ///
    /// What is written wrongly is reported.
    static func read(
        _ entry: ConfigEntry,
        filling: @escaping SettingFilling,
        _ diagnostics: Diagnostics
    ) -> WorkflowDraft?
}

/// The dialects there are.
enum WorkflowDialects {
    /// The first one that takes an entry reads it; the last one takes everything.
    static let all: [any WorkflowDialect.Type] = [JobsDialect.self]
}
