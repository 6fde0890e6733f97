package import Documents
internal import Expressions
internal import Primitives

/// Compiles the `workflow`, `workflows`, `component` and `components` of a configuration.
///
/// It holds what is compiled so far, and what was said about it. All findings are reported, not the first.
package final class PlanCompiler {
    let settings: PlanSettings
    let diagnostics: Diagnostics
    /// Puts the environment into settings that are fixed at load.
    let filling: SettingFilling
    var components: [ComponentPlan] = []
    var waits: [PlannedWait] = []
    /// The addresses of requests that are known at load.
    var fixedURLs: [FixedURL] = []
    /// The ids of components that were refused, so that nobody is told that they are not there.
    var refusedComponents: Set<String> = []
    /// Waits under an id that their request does not carry.
    var unsentKeys: [UnsentKey] = []
    /// Whether some step's input names the attempt's id.
    var inputsCarryRunID = false
    /// The requests of actions without `completion`, by their action: a step's input may add a URL of ours.
    var openRequests: [ObjectIdentifier: CarryingRequest] = [:]
    /// The request of the action that is being compiled, where it has no `completion`.
    var openRequest: CarryingRequest?
    /// The channels of the endpoints that waits name, by a URL of theirs or by `endpoint:`.
    var channelsInUse: Set<UInt32> = []
    /// The workflows that components name, with the places where they do.
    var wantedWorkflows: [(id: String, position: SourcePosition, keyPath: String)] = []
    /// The ids of the steps of the workflow at hand, by which its expressions may name them.
    private(set) var stepIDs: Set<String> = []
    /// The spelling of expressions in the workflow at hand; outside of workflows that of the configuration.
    private(set) var syntax = ExpressionSyntax.dollar
    /// The templates compiled since the present action began.
    var collected: [Template] = []
    private var reportedAbsent: Set<String> = []

    init(settings: PlanSettings, diagnostics: Diagnostics) {
        self.settings = settings
        self.diagnostics = diagnostics
        filling =
            CompileContext(
                sources: .atLoad,
                environment: settings.environment,
                secrets: settings.secrets,
                unsetEnvironmentIsNote: settings.isFragment
            ).filling
    }

    /// Compiles all workflows and components of one merged document.
    ///
    /// All findings are reported, not the first; where one of them is an error the set is not to be run.
    ///
    /// - Parameters:
    ///   - document: The root map; keys of other rooms are passed over.
    ///   - settings: The environment, our endpoints and gateways, and how strict to be.
    ///   - diagnostics: Takes the findings.
    /// - Returns: What could be compiled.
    package static func compile(
        document: Node,
        settings: PlanSettings,
        diagnostics: Diagnostics
    ) -> PlanSet {
        PlanCompiler(settings: settings, diagnostics: diagnostics).compile(document)
    }

    /// Compiles a document whose workflows are written in some of several dialects.
    func compile(
        _ document: Node,
        dialects: [any WorkflowDialect.Type] = WorkflowDialects.all
    ) -> PlanSet {
        for entry in ConfigEntry.all(document, "component", "components", diagnostics) {
            add(component: entry)
        }
        var workflows: [WorkflowPlan] = []
        for entry in ConfigEntry.all(document, "workflow", "workflows", diagnostics) {
            guard let dialect = dialects.first(where: { $0.takes(entry) }),
                let draft = dialect.read(entry, filling: filling, diagnostics)
            else { continue }
            let workflow = WorkflowCompiler(self, draft).compile()
            if workflows.contains(where: { $0.id == workflow.id }) {
                let message = "there is another workflow with the id `\(workflow.id)`"
                diagnostics.error(message, at: entry.position, keyPath: entry.keyPath)
            }
            workflows.append(workflow)
        }
        let chosen = workflows.filter(\.isDefault)
        if chosen.count > 1, let second = chosen.dropFirst().first {
            let message = "two workflows are marked `default: true`; expected one"
            diagnostics.error(message, at: second.position)
        }
        checkWantedWorkflows(workflows)
        tellUnsentKeys()
        let plans = PlanSet(
            workflows: workflows,
            components: components,
            defaultWorkflow: workflows.count == 1 ? workflows.first : chosen.first,
            waits: waits,
            channelsInUse: channelsInUse,
            fixedURLs: fixedURLs
        )
        checkBounds(plans)
        return plans
    }

    /// Has expressions compiled as a workflow writes them, until ``leave()``.
    func enter(_ rules: DialectRules, stepIDs: Set<String>) {
        syntax = rules.syntax
        self.stepIDs = stepIDs
    }

    /// Has expressions compiled as the rest of the configuration writes them.
    func leave() {
        syntax = .dollar
        stepIDs = []
    }

    /// Reports something that is named and not there; in a fragment that is a note.
    ///
    /// Each name is told once, at its first place.
    func absent(
        _ what: String,
        _ name: String,
        at position: SourcePosition,
        keyPath: String,
        suggestion: String? = nil,
        isWarning: Bool = false
    ) {
        guard reportedAbsent.insert("\(what) \(name)").inserted else { return }
        let severity: Diagnostic.Severity =
            settings.isFragment ? .note : isWarning ? .warning : .error
        var finding = Diagnostic(
            severity,
            at: position,
            keyPath: keyPath,
            message: "there is no \(what) \(name)",
            suggestion: suggestion,
            noteKind: .absent
        )
        finding.what = what
        finding.name = name.filter { $0 != "`" }
        diagnostics.report(finding)
    }

    /// Reports that something lacks what a full configuration needs; in a fragment that is a note.
    ///
    /// `keys` are those of which one would do.
    func incomplete(
        _ message: String,
        at position: SourcePosition,
        keyPath: String,
        keys: [String]
    ) {
        var finding = Diagnostic(
            settings.isFragment ? .note : .error,
            at: position,
            keyPath: keyPath,
            message: message,
            noteKind: .incomplete
        )
        finding.role = .missingKey(keys)
        finding.map = keyPath
        diagnostics.report(finding)
    }

    private func checkWantedWorkflows(_ workflows: [WorkflowPlan]) {
        let ids = workflows.map(\.id)
        for wanted in wantedWorkflows where !ids.contains(wanted.id) {
            if wanted.id == "__default__",
                workflows.count == 1 || workflows.contains(where: \.isDefault)
            {
                continue
            }
            absent(
                "workflow",
                "`\(wanted.id)`",
                at: wanted.position,
                keyPath: wanted.keyPath,
                suggestion: NearestName.suggest(wanted.id, among: ids)
            )
        }
    }
}
