extension RunMachine {
    /// Whether a try of a step has a wait that no callback, deadline or cancel has ended.
    package func hasOpenWait(_ ref: AttemptRef) -> Bool {
        guard let step = instance(at: ref.step), Int(step.serial) == ref.attempt,
            case .wait(let wait)? = step.detail
        else { return false }
        return wait.isOpen
    }

    /// Whether nothing but callbacks, or the deadlines of waits, can move the run on: no call, timer or question is open.
    ///
    /// - Complexity: O(steps).
    package var isParked: Bool {
        guard outcome == nil, isStarted, plan.timeout == nil else { return false }
        return steps.indices.allSatisfy { place in
            let step = steps[place]
            guard step.status == .running || step.status == .waiting else { return true }
            guard plan.steps[Int(step.plan)].timeout == nil else { return false }
            switch (step.stage, step.detail) {
            case (.awaiting, .wait(let wait)?): return wait.isOpen
            case (.items, _), (.handling, _): return true
            default: return false
            }
        }
    }

    /// Whether a call of a try whose outcome is unknown after a crash is to be made again (`after_crash`).
    package func repeatsAfterCrash(_ ref: AttemptRef) -> Bool {
        guard instance(at: ref.step) != nil else { return false }
        return action(ref.step)?.repeatsAfterCrash ?? true
    }

    /// Ends a run that cannot be carried on, without an event.
    package mutating func failAtOnce(_ failure: RunFailure) {
        isStarted = true
        outcome = .failed(failure)
    }
}
