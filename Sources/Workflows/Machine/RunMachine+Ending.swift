internal import Documents
internal import Expressions
internal import JSONWire
internal import Primitives

extension RunMachine {
    /// Ends the run well: nothing is under way and nothing can begin.
    mutating func complete(_ turn: inout Transition) {
        let merged = mergedOutput()
        guard let template = plan.output else {
            finish(.completed(merged), &turn)
            return
        }
        do throws(EvaluationError) {
            let output = try template.evaluate(scope(nil, turn, output: merged))
            finish(.completed(output), &turn)
        } catch {
            finish(
                .failed(RunFailure(code: .expressionFailed, message: error.description)),
                &turn
            )
        }
    }

    /// The outputs of the steps that led to no other, in the order of the plan: maps are merged, else the later counts.
    private func mergedOutput() -> JSONValue {
        var merged = JSONValue.null
        for place in 0..<plan.topCount where isTerminal(place) {
            let output = steps[place].output
            if case .object(var below) = merged, case .object(let above) = output {
                for member in above.members { below[member.name] = member.value }
                merged = .object(below)
            } else if !output.isNull {
                merged = output
            }
        }
        return merged
    }

    private func isTerminal(_ place: Int) -> Bool {
        guard steps[place].status == .completed else { return false }
        let step = plan.steps[place]
        switch step.work {
        case .choose, .random: return false
        default: break
        }
        return !step.dependents.contains {
            $0 < plan.topCount && steps[$0].status == .completed
        }
    }

    /// Ends the run: everything under way is taken back.
    mutating func finish(_ end: RunOutcome, _ turn: inout Transition) {
        guard !isOver else { return }
        for place in steps.indices {
            switch steps[place].status {
            case .running, .waiting:
                withdrawAlone(place, &turn, abandoning: true)
                note(.stepCancelled, place, &turn)
                self.end(place, .cancelled, &turn)
            case .pending:
                steps[place].status = .skipped
                if steps[place].item < 0 { note(.stepSkipped, place, &turn) }
            case .completed, .failed, .skipped, .cancelled: break
            }
        }
        if isStarted, plan.timeout != nil { turn.effects.append(.cancelTimer(runTimer)) }
        outcome = end
        endedAt = turn.stamp.wall
        switch end {
        case .completed: note(.runCompleted, &turn)
        case .failed(let failure): note(.runFailed(failure), &turn)
        case .cancelled(let reason): note(.runCancelled(reason: reason), &turn)
        }
        turn.effects.append(.finished(end))
    }

    /// The time for the whole run is over.
    mutating func runTimedOut(_ turn: inout Transition) {
        guard let timeout = plan.timeout else { return }
        let limit = DurationText.spell(timeout)
        finish(
            .failed(
                RunFailure(code: .runTimeout, message: "the run did not end within \(limit)")
            ),
            &turn
        )
    }

    /// Takes back what a step has under way, with everything inside it; the step itself stays.
    mutating func withdraw(_ place: Int, _ turn: inout Transition, abandoning: Bool = true) {
        withdrawAlone(place, &turn, abandoning: abandoning)
        for inner in steps.indices where isInside(inner, place) {
            switch steps[inner].status {
            case .running, .waiting:
                withdrawAlone(inner, &turn, abandoning: true)
                note(.stepCancelled, inner, &turn)
                end(inner, .cancelled, &turn)
                setFree(inner)
            case .pending:
                steps[inner].status = .cancelled
                setFree(inner)
            case .completed, .failed, .skipped, .cancelled: break
            }
        }
    }

    private func isInside(_ place: Int, _ outer: Int) -> Bool {
        var parent = Int(steps[place].parent)
        while parent >= 0, parent != outer {
            parent = steps.indices.contains(parent) ? Int(steps[parent].parent) : -1
        }
        return parent == outer
    }

    private mutating func withdrawAlone(
        _ place: Int,
        _ turn: inout Transition,
        abandoning: Bool
    ) {
        let ref = ref(place)
        switch steps[place].stage {
        case .calling, .pollCalling: if abandoning { turn.effects.append(.abandon(ref)) }
        case .pausing: turn.effects.append(.cancelTimer(timer(place, .retry)))
        case .delaying: turn.effects.append(.cancelTimer(timer(place, .delay)))
        case .polling: turn.effects.append(.cancelTimer(timer(place, .poll)))
        case .child: turn.effects.append(.cancelChild(ref))
        case .idle, .askedBefore, .awaiting, .items, .handling, .askedAfter: break
        }
        if case .wait(var wait)? = steps[place].detail, wait.isOpen {
            wait.isOpen = false
            steps[place].detail = .wait(wait)
            turn.effects.append(.endWait(ref, how: .cancelled))
        }
        steps[place].stage = .idle
    }
}
