extension RunMachine {
    /// Whether a try of a step has a wait that no callback, deadline or cancel has ended.
    package func hasOpenWait(_ ref: AttemptRef) -> Bool {
        guard steps.indices.contains(ref.step), Int(steps[ref.step].serial) == ref.attempt
        else { return false }
        return steps[ref.step].hasOpenWait
    }

    /// Whether a try of a step waits for the end of the run that it starts.
    package func awaitsChild(_ ref: AttemptRef) -> Bool {
        steps.indices.contains(ref.step) && isCurrent(ref, .child)
    }

    /// Whether nothing but callbacks, or the deadlines of waits, can move the run on: no call, timer or question is open.
    ///
    /// - Complexity: O(steps).
    package var isParked: Bool {
        guard !isOver, isStarted, plan.timeout == nil else { return false }
        return steps.indices.allSatisfy { place in
            let status = steps[place].status
            guard status == .running || status == .waiting else { return true }
            guard plan.steps[Int(steps[place].plan)].timeout == nil else { return false }
            switch steps[place].stage {
            case .awaiting: return steps[place].hasOpenWait
            case .items, .handling: return true
            default: return false
            }
        }
    }

    /// Whether a call of a try whose outcome is unknown after a crash is to be made again (`after_crash`).
    package func repeatsAfterCrash(_ ref: AttemptRef) -> Bool {
        guard steps.indices.contains(ref.step) else { return false }
        return action(ref.step)?.repeatsAfterCrash ?? true
    }

    /// How many bytes of values it may still be given.
    package var room: Int { max(0, plan.stateBytesMax + carried - weight) }

    /// Ends a run that cannot be carried on, without an event.
    package mutating func failAtOnce(_ failure: RunFailure) {
        isStarted = true
        outcome = .failed(failure)
    }
}
