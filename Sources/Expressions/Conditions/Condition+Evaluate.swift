internal import JSONWire

extension Condition {
    /// The answer inside a `*` operator.
    func holds(_ locals: Locals?, _ resolve: Resolve) throws(EvaluationError) -> Bool {
        switch self {
        case .compare(let input, let comparison):
            return try comparison.holds(
                try input.value(locals, resolve),
                try comparison.value.value(locals, resolve)
            )
        case .holds(let template, let position):
            return try Truth.of(
                try template.value(locals, resolve),
                "condition",
                at: position
            )
        case .all(let parts):
            for part in parts where try !part.holds(locals, resolve) { return false }
            return true
        case .any(let parts):
            for part in parts where try part.holds(locals, resolve) { return true }
            return false
        case .not(let inner): return try !inner.holds(locals, resolve)
        }
    }
}
