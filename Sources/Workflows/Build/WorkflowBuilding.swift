internal import Documents
internal import Expressions
internal import JSONWire
internal import Primitives

/// The state of the build of one workflow.
final class WorkflowBuilding {
    /// Where a template of a step stands, which decides what it may name.
    struct Place {
        let index: Int
        var isBody = false
        var isFold = false
        var isHandler = false
    }

    let plans: PlanBuilding
    var parts: [StepParts] = []
    var topIDs: [String: Int] = [:]
    /// The references of each step, those inside of it too, for the order.
    var references: [(step: Int, reference: Reference, isInput: Bool)] = []
    /// The routes between top-level steps.
    var routes: [(from: Int, to: Int)] = []
    var hints: [Annotation] = []
    var inputReferences: [Reference] = []
    var workflowID = ""

    init(_ plans: PlanBuilding) {
        self.plans = plans
    }

    var diagnostics: Diagnostics { plans.diagnostics }

    func build(_ thing: PlanBuilding.Thing) -> WorkflowPlan? {
        guard case .map = thing.node.content else {
            diagnostics.error(
                "found \(thing.node.found), expected a map",
                at: thing.position,
                keyPath: thing.keyPath
            )
            return nil
        }
        var reader = SettingsReader(
            thing.node,
            keyPath: thing.keyPath,
            diagnostics: diagnostics,
            filling: plans.filling
        )
        let id = identifier(&reader, thing, default: "__workflow__")
        workflowID = id
        let title = reader.text("title") ?? reader.text("name")
        let description = reader.text("description")
        let isDefault = reader.bool("default", default: false)
        let isPrivate = reader.bool("private", default: false)
        let timeout = reader.duration("timeout")
        reader.note("job", "jobs", "name")
        let topCount = collect(thing, &reader)
        let output = plans.template(&reader, "output", .workflowOutput)
        if let output { keep(output.references, output.hints) }
        reader.finish(noted: ["input"], refused: RefusedKeys.workflows)
        for reference in output?.references ?? [] { checkJob(reference, in: reader.path("output")) }
        order(topCount)
        return WorkflowPlan(
            id: id,
            title: title,
            description: description,
            isDefault: isDefault,
            isPrivate: isPrivate,
            steps: parts.map(StepPlan.init),
            topCount: topCount,
            output: output,
            timeout: timeout,
            inputFields: inputFields(),
            stateBytesMax: plans.settings.stateBytesMax,
            position: thing.position
        )
    }

    /// The id: the key in a map, else `id`, else a default.
    func identifier(
        _ reader: inout SettingsReader,
        _ thing: PlanBuilding.Thing,
        default fallback: String
    ) -> String {
        let written = reader.text("id")
        if let key = thing.key {
            if let written, written != key {
                reader.error(
                    "found the id `\(written)` under the key `\(key)`",
                    at: thing.position,
                    key: "id"
                )
            }
            return key
        }
        if written == "__default__" {
            reader.error("`__default__` is not an id", at: reader.position, key: "id")
        }
        return written ?? fallback
    }

    /// Compiles the steps; those inside of steps are put behind the top-level ones.
    private func collect(_ thing: PlanBuilding.Thing, _ reader: inout SettingsReader) -> Int {
        var steps = plans.things(thing.node, "job", "jobs", in: thing.keyPath).filter {
            if case .map(let entries) = $0.node.content { return !entries.isEmpty }
            return true
        }
        let isInline = steps.isEmpty && !reader.has("jobs") && hasInlineStep(reader)
        if isInline {
            steps = [
                PlanBuilding.Thing(
                    key: nil,
                    node: inlineStep(thing.node),
                    position: thing.position,
                    keyPath: thing.keyPath
                )
            ]
            reader.note("component", "action", "input")
        }
        for (index, step) in steps.enumerated() { name(step, index, steps.count) }
        let count = parts.count
        plans.stepIDs = Set(topIDs.keys)
        for (index, step) in steps.enumerated() { compile(step, Place(index: index)) }
        return count
    }

    private func hasInlineStep(_ reader: SettingsReader) -> Bool {
        ["component", "action", "input"].contains { reader.has($0) }
    }

    private func inlineStep(_ node: Node) -> Node {
        guard case .map(let entries) = node.content else { return node }
        let kept = entries.filter { ["component", "action", "input"].contains($0.key) }
        return Node(.map(kept), at: node.position)
    }

    /// Gives a top-level step its place and id.
    private func name(_ step: PlanBuilding.Thing, _ index: Int, _ count: Int) {
        let written = step.key ?? step.node["id"]?.scalarText
        // Of several jobs without an id, each has its number.
        let id = written ?? (count == 1 ? "__job__" : "job-\(index + 1)")
        checkID(step)
        var part = StepParts(id: id, type: "component", position: step.position)
        part.previous = index - 1
        parts.append(part)
        if topIDs[id] == nil {
            topIDs[id] = index
        } else {
            diagnostics.error(
                "there is another job with the id `\(id)`",
                at: step.position,
                keyPath: step.keyPath
            )
        }
    }

    private func checkID(_ step: PlanBuilding.Thing) {
        guard let node = step.node["id"], !node.isNull else { return }
        var message = ""
        if let text = node.scalarText {
            guard let key = step.key, text != key else { return }
            message = "found the id `\(text.clipped)` under the key `\(key)`"
        } else {
            message = "found \(node.found), expected the id of the job"
        }
        let keyPath = SettingsPath(step.keyPath).key("id").text
        diagnostics.error(message, at: node.position, keyPath: keyPath)
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
