internal import Expressions
internal import JSONWire
internal import Primitives

/// Steps whose bodies run one after another: accumulations and pipelines.
extension RunMachine {
    /// Begins an accumulation over the step's input.
    mutating func beginFold(
        _ place: Int,
        _ fold: FoldPlan,
        _ turn: inout Transition
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
        advance(place, SeriesUnderway(list: list, value: start), &turn)
    }

    /// Begins a pipeline with its input as the first step's.
    mutating func beginPipeline(_ place: Int, _ turn: inout Transition) {
        advance(place, SeriesUnderway(value: steps[place].input), &turn)
    }

    /// An item of an accumulation, or a step of a pipeline, has ended.
    mutating func advanceSeries(
        _ place: Int,
        _ child: Int,
        _ output: JSONValue,
        _ turn: inout Transition
    ) {
        setFree(child)
        guard var underway = steps[place].detail?.series else { return }
        dropDetail(place)
        underway.value = output
        underway.index += 1
        advance(place, underway, &turn)
    }

    /// Begins the item or step whose turn it is, or ends the whole after the last.
    private mutating func advance(
        _ place: Int,
        _ underway: SeriesUnderway,
        _ turn: inout Transition
    ) {
        let index = underway.index
        let body: Int?
        let detail: StepDetail
        switch work(place) {
        case .fold(let fold):
            body = index < underway.list.count ? fold.body : nil
            detail = .fold(underway)
        case .pipeline(let pipeline):
            body = pipeline.bodies.indices.contains(index) ? pipeline.bodies[index] : nil
            detail = .pipeline(underway)
        default: return
        }
        guard let body else {
            complete(place, underway.value, &turn)
            return
        }
        weight += detail.weight
        steps[place].detail = detail
        steps[place].stage = .items
        turn.queue.append(.start(newInstance(body: body, of: place, item: index)))
    }

    /// Hands a step's input on under each of its names.
    mutating func fanOut(_ place: Int, _ names: [String], _ turn: inout Transition) {
        var outputs = JSONObject()
        for name in names { outputs[name] = steps[place].input }
        complete(place, .object(outputs), &turn)
    }
}
