internal import Documents
internal import Expressions
internal import Primitives

/// The state of one build: what is compiled so far, and what was said about it.
final class PlanBuilding {
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
    /// The ids of the jobs of the workflow at hand, by which its expressions may name them.
    var stepIDs: Set<String> = []
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

    func build(_ document: Node) -> PlanSet {
        for entry in things(document, "component", "components") { add(component: entry) }
        var workflows: [WorkflowPlan] = []
        for entry in things(document, "workflow", "workflows") {
            guard let workflow = WorkflowBuilding(self).build(entry) else { continue }
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

    /// One workflow, component, step or action as it is written.
    struct Thing {
        /// The key it stands under in a map; nil in a list.
        let key: String?
        let node: Node
        let position: SourcePosition
        let keyPath: String
    }

    /// What stands under a singular key, and under its plural as a list or a map by id.
    func things(
        _ node: Node,
        _ singular: String,
        _ plural: String,
        in keyPath: String = ""
    )
        -> [Thing]
    {
        let path = SettingsPath(keyPath)
        var found: [Thing] = []
        if let one = node[singular], case .list = one.content {
            diagnostics.error(
                "found a list, expected a map",
                at: one.position,
                keyPath: path.key(singular).text,
                suggestion: node[plural] == nil ? plural : nil
            )
        } else if let one = node[singular], !one.isNull {
            found.append(
                Thing(
                    key: nil,
                    node: one,
                    position: one.position,
                    keyPath: path.key(singular).text
                )
            )
        }
        if let many = node[plural], !many.isNull {
            found += things(many, path.key(plural))
        }
        return found
    }

    /// The elements of a list, or the values of a map by id.
    func things(_ node: Node, _ path: SettingsPath) -> [Thing] {
        switch node.content {
        case .list(let nodes):
            return nodes.enumerated().map { index, node in
                Thing(
                    key: nil,
                    node: node,
                    position: node.position,
                    keyPath: path.item(index).text
                )
            }
        case .map(let entries):
            return entries.map {
                Thing(
                    key: $0.key,
                    node: $0.value,
                    position: $0.keyPosition,
                    keyPath: path.key($0.key).text
                )
            }
        default:
            diagnostics.error(
                "found \(node.found), expected a list, or a map by id",
                at: node.position,
                keyPath: path.text
            )
            return []
        }
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
