internal import Documents
internal import Expressions
internal import JSONWire
internal import Primitives

/// Makes a plan of one draft.
///
/// The plan's steps are the workflow's own, in the order written; behind them those inside of steps, each behind the one
/// that it belongs to, the `do` before the handlers of errors.
final class WorkflowCompiler {
    let plans: PlanCompiler
    let draft: WorkflowDraft
    var parts: [StepParts] = []
    var topIDs: [String: Int] = [:]
    /// The references of each step, those inside of it too, for the order.
    var references: [(step: Int, reference: Reference, isInput: Bool)] = []
    /// The routes between top-level steps.
    var routes: [(from: Int, to: Int)] = []
    private var hints: [Annotation] = []
    private var inputReferences: [Reference] = []

    init(_ plans: PlanCompiler, _ draft: WorkflowDraft) {
        self.plans = plans
        self.draft = draft
    }

    var diagnostics: Diagnostics { plans.diagnostics }

    /// What messages call a step.
    var stepWord: String { draft.rules.step }

    func compile() -> WorkflowPlan {
        for (index, step) in draft.steps.enumerated() { name(step, index) }
        let topCount = parts.count
        plans.enter(draft.rules, stepIDs: Set(topIDs.keys))
        for (index, step) in draft.steps.enumerated() { compile(step, StepPlace(index: index)) }
        let output = draft.output.flatMap { plans.template($0, draft.rules.output) }
        if let output { keep(output.references, output.hints) }
        for reference in output?.references ?? [] {
            checkJob(reference, in: draft.output?.keyPath ?? "")
        }
        plans.leave()
        order(topCount)
        return WorkflowPlan(
            id: draft.id,
            title: draft.title,
            description: draft.description,
            isDefault: draft.isDefault,
            isPrivate: draft.isPrivate,
            steps: parts.map(StepPlan.init),
            topCount: topCount,
            output: output,
            timeout: draft.timeout,
            inputFields: inputFields(),
            stateBytesMax: plans.settings.stateBytesMax,
            position: draft.position
        )
    }

    /// Gives a top-level step its place.
    private func name(_ step: StepDraft, _ index: Int) {
        var part = StepParts(id: step.id, type: step.type, position: step.position)
        part.previous = index - 1
        parts.append(part)
        if topIDs[step.id] == nil {
            topIDs[step.id] = index
        } else {
            tellTwice(step)
        }
    }

    /// Reports a step whose id another one has.
    func tellTwice(_ step: StepDraft) {
        diagnostics.error(
            "there is another \(stepWord) with the id `\(step.id)`",
            at: step.position,
            keyPath: step.keyPath
        )
    }

    /// Keeps what templates say about the workflow's input.
    func keep(_ references: [Reference], _ hints: [Annotation]) {
        inputReferences += references.filter { $0.source == .input }
        self.hints += hints
    }

    private func inputFields() -> [InputField] {
        var fields: [InputField] = []
        for reference in inputReferences {
            guard case .member(let name)? = reference.steps.first,
                !fields.contains(where: { $0.name == name.text })
            else { continue }
            let said = hints.filter {
                $0.reference?.source == .input && $0.reference?.steps.first == .member(name)
                    && $0.reference?.steps.count == 1
            }
            fields.append(
                InputField(
                    name: name.text,
                    type: said.lazy.compactMap(\.types.first).first,
                    defaultValue: said.lazy.compactMap(\.defaultValue).first,
                    description: said.lazy.flatMap(\.notes).first { $0.word == "description" }?
                        .text
                )
            )
        }
        return fields
    }
}
