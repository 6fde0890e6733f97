internal import Expressions
internal import JSONWire
internal import Primitives

extension RunMachine {
    /// Begins a for-each step.
    mutating func beginItems(
        _ place: Int,
        _ each: EachPlan,
        _ turn: inout Transition
    ) throws(EvaluationError) {
        var items = ItemsUnderway(list: [], total: 0, results: [])
        if let count = each.count {
            let value = try count.evaluate(scope(place, turn))
            guard case .integer(let number) = value, number >= 0, number <= Self.startsMax else {
                refuse(place, "repeat_count must be 0 to \(Self.startsMax)", value, &turn)
                return
            }
            items.total = Int(number)
        } else if case .array(let list) = steps[place].input, list.count <= Self.startsMax {
            items.list = list
            items.total = list.count
        } else if !steps[place].input.isNull {
            let wanted = "for-each needs a list of at most \(Self.startsMax) items"
            refuse(place, wanted, steps[place].input, &turn)
            return
        }
        items.results = [JSONValue](repeating: .null, count: items.total)
        grow(place, by: items.weight)
        steps[place].detail = .items(items)
        steps[place].stage = .items
        turn.queue.append(.pump(place))
    }

    mutating func refuse(
        _ place: Int,
        _ wanted: String,
        _ found: JSONValue,
        _ turn: inout Transition
    ) {
        let message = located(place, "\(wanted), and this is \(found.shape)")
        tryFailed(place, CallFailure(code: .expressionFailed, message: message), &turn)
    }

    /// Begins as many items as may be under way, and ends the step after the last.
    mutating func pump(_ place: Int, _ turn: inout Transition) {
        guard case .each(let each) = work(place), steps[place].stage == .items,
            case .items(var items)? = steps[place].detail
        else { return }
        while items.busy < each.parallelMax, items.next < items.total {
            let child = newInstance(body: each.body, of: place, item: items.next)
            items.next += 1
            items.busy += 1
            turn.queue.append(.start(child))
        }
        steps[place].detail = .items(items)
        guard items.busy == 0 else { return }
        dropDetail(place)
        complete(place, .array(items.results), &turn)
    }

    /// An instance of a body has ended well.
    mutating func bodyEnded(_ child: Int, _ turn: inout Transition) {
        let place = Int(steps[child].parent)
        let output = steps[child].output
        switch work(place) {
        case .loop: iterated(place, child, output, &turn)
        case .fold, .pipeline: advanceSeries(place, child, output, &turn)
        default: itemEnded(place, child, output, &turn)
        }
    }

    /// An instance of a body has failed for good.
    mutating func bodyFailed(_ child: Int, _ failure: StepFailure, _ turn: inout Transition) {
        let place = Int(steps[child].parent)
        if case .each(let each) = work(place), each.collectsFailures {
            let told: JSONObject = ["error": failure.jsonValue]
            if case .items(var items)? = steps[place].detail {
                steps[place].detail = nil
                items.failedCount += 1
                steps[place].detail = .items(items)
            }
            itemEnded(place, child, .object(told), &turn)
            return
        }
        setFree(child)
        withdraw(place, &turn)
        tryFailed(place, failure, &turn)
    }

    private mutating func itemEnded(
        _ place: Int,
        _ child: Int,
        _ output: JSONValue,
        _ turn: inout Transition
    ) {
        let index = Int(steps[child].item)
        setFree(child)
        guard case .items(var items)? = steps[place].detail, items.results.indices.contains(index)
        else { return }
        steps[place].detail = nil
        items.results[index] = output
        items.busy -= 1
        grow(place, by: Weight.of(output))
        steps[place].detail = .items(items)
        turn.queue.append(.pump(place))
    }

    /// Begins a loop step with its input as the first value.
    mutating func beginLoop(_ place: Int, _ turn: inout Transition) {
        grow(place, by: Weight.of(steps[place].input))
        steps[place].detail = .loop(LoopUnderway(value: steps[place].input))
        steps[place].stage = .items
        turn.queue.append(.iterate(place))
    }

    /// Begins the next iteration of a loop.
    mutating func iterate(_ place: Int, _ turn: inout Transition) {
        guard case .loop(let loop) = work(place), steps[place].stage == .items,
            case .loop(let underway)? = steps[place].detail
        else { return }
        let child = newInstance(body: loop.body, of: place, item: underway.iterations)
        turn.queue.append(.start(child))
    }

    private mutating func iterated(
        _ place: Int,
        _ child: Int,
        _ output: JSONValue,
        _ turn: inout Transition
    ) {
        guard case .loop(let loop) = work(place), case .loop(var underway)? = steps[place].detail
        else { return }
        var scope = scope(child, turn)
        scope.output = output
        setFree(child)
        let goesOn: Bool
        do throws(EvaluationError) {
            goesOn = try loop.condition.holds(scope) == loop.goesOnWhenTrue
        } catch {
            tryFailed(place, error, &turn)
            return
        }
        underway.iterations += 1
        guard goesOn, underway.iterations < loop.iterationsMax else {
            if goesOn {
                note(
                    .noted("the loop ended after its \(loop.iterationsMax) iterations"),
                    place,
                    &turn
                )
            }
            dropDetail(place)
            complete(place, output, &turn)
            return
        }
        grow(place, by: Weight.of(output) - Weight.of(underway.value))
        underway.value = output
        steps[place].detail = .loop(underway)
        turn.queue.append(.iterate(place))
    }

    /// What a step does.
    func work(_ place: Int) -> StepWork {
        plan.steps[Int(steps[place].plan)].work
    }

    /// A place for one item, a used one where there is one.
    private mutating func newInstance(body: Int, of place: Int, item: Int) -> Int {
        guard let used = free.popLast() else {
            steps.append(
                StepInstance(plan: Int32(body), parent: Int32(place), item: Int32(item))
            )
            return steps.count - 1
        }
        let child = Int(used)
        var fresh = StepInstance(plan: Int32(body), parent: Int32(place), item: Int32(item))
        // Tries and starts go on counting: no ref and no timer of an earlier item fits this one.
        fresh.serial = steps[child].serial
        fresh.starts = steps[child].starts
        steps[child] = fresh
        return child
    }

    /// Gives the place of an ended item back.
    mutating func setFree(_ child: Int) {
        guard case .body = plan.steps[Int(steps[child].plan)].role else { return }
        setOutput(child, .null)
        free.append(Int32(child))
    }
}

extension ItemsUnderway {
    /// The bytes of the items and results, about.
    var weight: Int {
        Weight.of(.array(list)) + Weight.of(.array(results))
    }
}

extension JSONValue {
    /// The value's shape for a message, never its content.
    var shape: String {
        switch self {
        case .array(let elements): "a list of \(elements.count)"
        case .object(let object): "a map of \(object.count)"
        default: kindWithArticle
        }
    }
}

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
    private mutating func advanceSeries(
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

extension RunMachine {
    /// Takes the way of the first case that has one (`if`, `switch`).
    mutating func choose(
        _ place: Int,
        _ choice: ChoicePlan,
        _ turn: inout Transition
    ) throws(EvaluationError) {
        let target = try choice.target(scope(place, turn))
        take(target, from: place, &turn)
    }

    /// Draws lots between the ways of a random router.
    mutating func draw(_ place: Int, _ lots: RandomPlan, _ turn: inout Transition) {
        let sum = lots.weights.reduce(0, +)
        var left = Double(turn.newBits() >> 11) / Double(1 << 53) * sum
        var target = lots.targets.last
        for (candidate, weight) in zip(lots.targets, lots.weights) {
            if left < weight {
                target = candidate
                break
            }
            left -= weight
        }
        take(target, from: place, &turn)
    }

    private mutating func take(_ target: Int?, from place: Int, _ turn: inout Transition) {
        if let target { note(.routed(to: plan.steps[target].id), place, &turn) }
        setOutput(place, .null)
        finishStep(place, &turn)
        if let target { route(to: target, &turn) }
    }

    /// Begins a step whatever it depends on; one that is over begins again, with all that followed from it.
    mutating func route(to target: Int, _ turn: inout Transition) {
        guard steps.indices.contains(target) else { return }
        switch steps[target].status {
        case .pending: break
        case .running, .waiting: return
        case .completed, .failed, .skipped, .cancelled: rewind(target)
        }
        turn.queue.append(.start(target))
    }

    /// Makes a finished step and the finished steps that depend on it, over any number of others, pending again.
    private mutating func rewind(_ target: Int) {
        var left = [target]
        while let place = left.popLast() {
            reset(place)
            for dependent in plan.steps[place].dependents
            where dependent < plan.topCount && steps[dependent].status.isOver {
                left.append(dependent)
            }
        }
    }

    /// Makes a finished step pending again.
    mutating func reset(_ place: Int) {
        setOutput(place, .null)
        setInput(place, .null)
        steps[place].status = .pending
        steps[place].stage = .idle
    }

    /// Keeps the elements of a list that a condition holds for; a single value is kept or becomes null.
    mutating func filter(
        _ place: Int,
        _ condition: Condition?,
        _ turn: inout Transition
    ) throws(EvaluationError) {
        let value = steps[place].input
        guard let condition else {
            complete(place, value, &turn)
            return
        }
        guard case .array(let elements) = value else {
            let isKept = try holds(condition, place, item: value, index: 0, turn)
            complete(place, isKept ? value : .null, &turn)
            return
        }
        var kept: [JSONValue] = []
        for (index, element) in elements.enumerated()
        where try holds(condition, place, item: element, index: index, turn) {
            kept.append(element)
        }
        complete(place, .array(kept), &turn)
    }

    private func holds(
        _ condition: Condition,
        _ place: Int,
        item: JSONValue,
        index: Int,
        _ turn: borrowing Transition
    ) throws(EvaluationError) -> Bool {
        var scope = scope(place, turn)
        scope.item = (item, index)
        return try condition.holds(scope)
    }
}

extension ChoicePlan {
    /// The step that the first case names that has a way.
    fileprivate func target(_ scope: StepScope) throws(EvaluationError) -> Int? {
        for option in cases {
            let way = try option.holds.holds(scope) ? option.whenTrue : option.whenFalse
            if let way { return way }
        }
        return otherwise
    }
}
