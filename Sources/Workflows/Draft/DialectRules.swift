internal import Expressions

/// The names and the spelling of expressions in the workflows of one dialect.
struct DialectRules {
    /// What messages call a step: `job`.
    let step: String
    /// What any expression of a step may name.
    let sources: SourceSet
    /// What expressions of a step inside another may name beside that.
    let insideStep: SourceSet
    /// What those of a step inside an accumulation may name beside that.
    let insideFold: SourceSet
    /// What those of a step that handles an error may name beside that.
    let insideHandler: SourceSet
    /// What the output of a workflow may name.
    let output: SourceSet
    /// The spelling of expressions.
    let syntax: ExpressionSyntax

    /// What the expressions of a step at a place may name.
    func sources(_ place: StepPlace) -> SourceSet {
        var named = sources
        if place.isBody { named.formUnion(insideStep) }
        if place.isFold { named.formUnion(insideFold) }
        if place.isHandler { named.formUnion(insideHandler) }
        return named
    }
}

/// Where a step stands in its workflow.
struct StepPlace {
    /// The step's index in the plan.
    let index: Int
    /// Whether it is inside another step, as the `do` of a loop is.
    var isBody = false
    /// Whether it is inside an accumulation.
    var isFold = false
    /// Whether it handles the error of another step.
    var isHandler = false
}
