internal import Documents
internal import JSONWire
internal import Primitives

/// The surroundings of one call: the action's plan, the step's input, the sources of its expressions.
///
/// Of its life the same holds as of the scope in it: while it lives, moving the run would copy the run's steps.
struct CallContext {
    let action: ActionPlan
    let scope: ActionScope
    /// Whether the call asks how far an earlier one has got.
    var isPoll = false

    private var plan: StepPlan {
        scope.run.plan.steps[Int(scope.run.steps[scope.instance].plan)]
    }

    /// The step's input.
    var input: JSONValue { scope.run.steps[scope.instance].input }

    /// Where the step is written.
    var stepPosition: SourcePosition { plan.position }

    /// Whether only so many calls of the component may be under way at once, so that a call may have to wait for its place.
    var isBounded: Bool { (plan.component?.maxConcurrentCount ?? 0) > 0 }

    /// Whether an expression reads header fields of the answer.
    var keepsHeaders: Bool {
        action.readsHeaders || (!isPoll && plan.retry.readsHeaders)
    }

    /// The key by which the other side recognises the same request: a step that waits sends its try's id, another one the
    /// same key in all its tries.
    var idempotencyKey: String {
        let place = scope.instance
        if !isPoll, case .callback = action.completion,
            let attempt = scope.run.steps[place].attemptID
        {
            return attempt.text
        }
        let name = "\(scope.run.id.text)/\(scope.run.name(place))"
        if isPoll { return "\(name)/poll" }
        let starts = scope.run.steps[place].starts
        return starts > 1 && scope.run.steps[place].item < 0 ? "\(name)#\(starts)" : name
    }

    /// Work that cannot be done, with the place where its action is written.
    func refused(_ reason: String) -> AskedWork {
        let message = "\(action.position.description): component '\(action.component)': \(reason)"
        return .refused(CallFailure(code: .requestInvalid, message: message))
    }
}
