internal import Expressions
internal import JSONWire
internal import Primitives

/// Steps whose bodies run one after another: accumulations and pipelines.
extension RunMachine {
    /// Begins an accumulation over the step's input.
    mutating func beginFold(
        _ place: Int,
        _ fold: FoldPlan,
        _ turn: inout Turn
    ) throws(EvaluationError) {
        let start = try fold.start?.evaluate(scope(place, turn)) ?? .null
        var list: [JSONValue] = []
        if case .array(let elements) = steps[place].input, elements.count <= Self.startsMax {
            list = elements
        } else if !steps[place].input.isNull {
            let wanted = "accumulate needs a list of at most \(Self.startsMax) items"
            refuse(place, wanted, steps[place].input, &turn)
            return
        }
        advance(place, fold, FoldUnderway(list: list, value: start), &turn)
    }

    /// An item of an accumulation has ended.
    mutating func folded(
        _ place: Int,
        _ child: Int,
        _ output: JSONValue,
        _ fold: FoldPlan,
        _ turn: inout Turn
    ) {
        setFree(child)
        guard case .fold(var underway)? = steps[place].detail else { return }
        dropDetail(place)
        underway.value = output
        underway.index += 1
        advance(place, fold, underway, &turn)
    }

    /// Begins the next item, or ends the step after the last.
    private mutating func advance(
        _ place: Int,
        _ fold: FoldPlan,
        _ underway: FoldUnderway,
        _ turn: inout Turn
    ) {
        guard underway.index < underway.list.count else {
            complete(place, underway.value, &turn)
            return
        }
        keep(place, .fold(underway))
        turn.queue.append(.start(newInstance(body: fold.body, of: place, item: underway.index)))
    }

    /// Begins a pipeline with its input as the first step's.
    mutating func beginPipeline(_ place: Int, _ turn: inout Turn) {
        guard case .pipeline(let pipeline) = work(place) else { return }
        advance(place, pipeline, PipelineUnderway(value: steps[place].input), &turn)
    }

    /// A step of a pipeline has ended.
    mutating func piped(
        _ place: Int,
        _ child: Int,
        _ output: JSONValue,
        _ pipeline: PipelinePlan,
        _ turn: inout Turn
    ) {
        setFree(child)
        guard case .pipeline(var underway)? = steps[place].detail else { return }
        dropDetail(place)
        underway.value = output
        underway.index += 1
        advance(place, pipeline, underway, &turn)
    }

    /// Begins the next step, or ends the pipeline after the last.
    private mutating func advance(
        _ place: Int,
        _ pipeline: PipelinePlan,
        _ underway: PipelineUnderway,
        _ turn: inout Turn
    ) {
        guard pipeline.bodies.indices.contains(underway.index) else {
            complete(place, underway.value, &turn)
            return
        }
        keep(place, .pipeline(underway))
        let body = pipeline.bodies[underway.index]
        turn.queue.append(.start(newInstance(body: body, of: place, item: underway.index)))
    }

    private mutating func keep(_ place: Int, _ detail: StepDetail) {
        weight += detail.weight
        steps[place].detail = detail
        steps[place].stage = .items
    }

    /// Hands a step's input on under each of its names.
    mutating func fanOut(_ place: Int, _ names: [String], _ turn: inout Turn) {
        var outputs = JSONObject()
        for name in names { outputs[name] = steps[place].input }
        complete(place, .object(outputs), &turn)
    }
}
