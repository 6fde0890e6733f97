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
    mutating func newInstance(body: Int, of place: Int, item: Int) -> Int {
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
