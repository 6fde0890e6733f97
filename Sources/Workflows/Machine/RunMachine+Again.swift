internal import JSONWire
internal import Primitives

extension RunMachine {
    /// Takes a failed run up again where it failed: what has completed keeps its output, what failed, was cancelled or
    /// was never reached begins anew.
    ///
    /// A step whose `on_error` routed to another one stays as it is: it was dealt with. Nothing happens where the run has
    /// not failed.
    mutating func takeUpAgain(_ turn: inout Transition) {
        guard case .failed? = outcome else { return }
        outcome = nil
        endedAt = nil
        liveCount = 0
        note(.retriedRun, &turn)
        if let timeout = plan.timeout {
            turn.effects.append(.setTimer(runTimer, at: turn.stamp.wall.advanced(by: timeout)))
        }
        for place in steps.indices where steps[place].parent >= 0 { forgetInner(place) }
        for place in 0..<plan.topCount {
            let before = steps[place].status
            guard before != .completed, !isDealtWith(place) else { continue }
            renew(place)
            let wasStarted = before == .failed || before == .cancelled
            if wasStarted || !plan.steps[place].isRouted && isReady(place) {
                turn.queue.append(.start(place))
            }
        }
    }

    /// Whether a failed step's `on_error` sent the run elsewhere.
    private func isDealtWith(_ place: Int) -> Bool {
        guard steps[place].status == .failed, case .route = plan.steps[place].onError else {
            return false
        }
        return true
    }

    /// Makes a step as it was before its first start; its tries go on counting, so that no ref of an earlier one fits.
    private mutating func renew(_ place: Int) {
        setInput(place, .null)
        setOutput(place, .null)
        dropDetail(place)
        var fresh = StepInstance(plan: steps[place].plan)
        fresh.serial = steps[place].serial
        steps[place] = fresh
    }

    /// Forgets what a step that begins anew had inside: items, and steps of its `on_error`.
    private mutating func forgetInner(_ place: Int) {
        var outer = place
        while steps[outer].parent >= 0 { outer = Int(steps[outer].parent) }
        guard steps[outer].status != .completed else { return }
        setInput(place, .null)
        setOutput(place, .null)
        dropDetail(place)
        let index = Int(steps[place].plan)
        switch plan.steps[index].role {
        case .handler:
            if Int(places[index]) == place { places[index] = -1 }
            steps[place].status = .skipped
        case .body:
            if !free.contains(Int32(place)) { free.append(Int32(place)) }
            steps[place].status = .skipped
        case .top: break
        }
    }
}
