internal import Documents
internal import Expressions
internal import JSONWire
internal import Primitives

/// The sources of an expression that stands on a step, or on the workflow.
struct StepScope: Scope {
    let run: RunMachine
    /// The instance; nil for the workflow's own output.
    let instance: Int?
    let gateways: GatewayValues
    /// The time of the event that is handled.
    let now: WallTime
    /// What `${output}` means here; nil where it is the output of the step before.
    var output: JSONValue?
    /// What `${error}` means here; nil where it is that of the step whose `on_error` this is part of.
    var failure: StepFailure?
    /// What `${http}` means in `retry`; nil everywhere else.
    var head: AnswerHead?
    /// What `${item}` and `${index}` mean here; nil where the instance is that of an item.
    var item: (value: JSONValue, index: Int)?

    func resolve(_ reference: Reference) throws(EvaluationError) -> JSONValue {
        switch reference.source {
        case .input: stepInput.select(reference.steps)
        case .jobs: job(reference.steps)
        case .output: (output ?? seriesOutput ?? previousOutput).select(reference.steps)
        case .accumulator: accumulated.select(reference.steps)
        case .job: try asked.select(reference.steps)
        case .error: errorValue.select(reference.steps)
        case .http: head?.select(reference.steps) ?? .null
        case .item: (item?.value ?? itemAround?.value ?? .null).select(reference.steps)
        case .index: indexValue.select(reference.steps)
        case .context:
            ContextValues(run: run, instance: instance, now: now).select(reference.steps)
        case .gateway: gateways.select(port: reference.argument, reference.steps)
        default: .null
        }
    }

    /// The run's input, or that of the loop or pipeline around the step.
    private var stepInput: JSONValue {
        series.map { run.instance(at: $0)?.input ?? .null } ?? run.input
    }

    /// The nearest loop or pipeline around the step.
    private var series: Int? {
        var place = instance ?? -1
        while let step = run.instance(at: place) {
            guard step.parent >= 0 else { return nil }
            place = Int(step.parent)
            switch run.instance(at: place)?.detail {
            case .loop?, .pipeline?: if step.item >= 0 { return place }
            default: break
            }
        }
        return nil
    }

    /// What the iteration or the step before this one yielded, inside a loop or a pipeline; null in the first one.
    private var seriesOutput: JSONValue? {
        guard let series else { return nil }
        switch run.instance(at: series)?.detail {
        case .loop(let loop)?: return loop.iterations > 0 ? loop.value : .null
        case .pipeline(let pipeline)?: return pipeline.index > 0 ? pipeline.value : .null
        default: return nil
        }
    }

    /// What the accumulation around the step has come to.
    private var accumulated: JSONValue {
        var place = instance ?? -1
        while let step = run.instance(at: place) {
            if case .fold(let fold)? = step.detail, place != instance { return fold.value }
            place = Int(step.parent)
        }
        return .null
    }

    /// The step that is asked about: its input, also before it has begun, and its output.
    private var asked: JSONValue {
        get throws(EvaluationError) {
            guard let instance, let step = run.instance(at: instance) else { return .null }
            var input = step.input
            if step.tries == 0 {
                let plan = run.plan.steps[Int(step.plan)]
                input = try plan.input?.evaluate(self) ?? run.defaultInput(of: step)
            }
            let whole: JSONObject = ["input": input, "output": output ?? .null]
            return .object(whole)
        }
    }

    private func job(_ steps: [PathStep]) -> JSONValue {
        guard case .member(let name)? = steps.first,
            let plan = run.plan.stepIndex[name.text], plan < run.places.count,
            let step = run.instance(at: Int(run.places[plan]))
        else { return .null }
        guard steps.count > 1, case .member(let field) = steps[1] else {
            let whole: JSONObject = ["output": step.output]
            return JSONValue.object(whole).select(steps.dropFirst())
        }
        return field.text == "output" ? step.output.select(steps.dropFirst(2)) : .null
    }

    private var previousOutput: JSONValue {
        guard let instance, let step = run.instance(at: instance) else { return .null }
        let previous = run.plan.steps[Int(step.plan)].previous
        guard previous >= 0, previous < run.places.count else { return .null }
        return run.instance(at: Int(run.places[previous]))?.output ?? .null
    }

    private var errorValue: JSONValue {
        if let failure { return failure.jsonValue }
        var place = instance ?? -1
        while let step = run.instance(at: place) {
            if case .failure(let failure)? = step.detail { return failure.jsonValue }
            place = Int(step.parent)
        }
        return .null
    }

    private var indexValue: JSONValue {
        if let item { return .integer(Int64(item.index)) }
        return itemAround.map { .integer(Int64($0.index)) } ?? .null
    }

    /// The item of the nearest for-each or loop around the step.
    private var itemAround: (value: JSONValue, index: Int)? {
        var place = instance ?? -1
        while let step = run.instance(at: place) {
            let parent = run.instance(at: Int(step.parent))
            // The steps of a pipeline are no items.
            if case .pipeline? = parent?.detail {
            } else if step.item >= 0 {
                return (run.itemValue(of: step), Int(step.item))
            }
            place = Int(step.parent)
        }
        return nil
    }
}
