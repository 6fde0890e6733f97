internal import Expressions
internal import JSONWire
internal import Primitives

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
