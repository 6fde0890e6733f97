internal import Documents
internal import Expressions
internal import JSONWire
internal import Primitives

/// What a step does; out of line, so that asking a plan for it copies nothing.
indirect enum StepWork: Sendable {
    /// Nothing: a placeholder of a step that was refused at load.
    case nothing
    /// An action of a component.
    case action(ActionPlan)
    /// Waits for a key without sending anything.
    case wait(WaitPlan)
    case delay(DelayPlan)
    case choose(ChoicePlan)
    case random(RandomPlan)
    /// Keeps the items for which a condition holds; all without one.
    case filter(Condition?)
    case each(EachPlan)
    case loop(LoopPlan)
    case fold(FoldPlan)
    case pipeline(PipelinePlan)
    /// Hands its input on under several names.
    case fanOut([String])
}

/// The same step for every item of a list, one after another, each with what the one before it came to.
struct FoldPlan: Sendable {
    /// The step of each item, by its index.
    let body: Int
    /// What the first item begins with; nil for null.
    let start: Template?
}

/// Steps one after another, each with the output of the one before it.
struct PipelinePlan: Sendable {
    /// The steps, by their indices; at least one.
    let bodies: [Int]
}

/// A step of type `wait`.
struct WaitPlan: Sendable {
    let key: Template
    let channels: [UInt32]
    let timeout: Nanoseconds?
}

/// A router: the first case that holds names the next step (`if`, `switch`).
struct ChoicePlan: Sendable {
    /// One case.
    struct Case: Sendable {
        let holds: Condition
        let whenTrue: Int?
        let whenFalse: Int?
    }

    let cases: [Case]
    let otherwise: Int?
}

/// A router that draws lots.
struct RandomPlan: Sendable {
    let targets: [Int]
    /// One weight for each target; their sum is above 0.
    let weights: [Double]
}

/// The same step for every item of a list, or so many times.
struct EachPlan: Sendable {
    /// The step of each item, by its index.
    let body: Int
    /// How many times; nil where the step's input is a list of items.
    let count: Template?
    /// How many are under way at once.
    let parallelMax: Int
    /// Whether a failed item leaves its error in the output instead of failing the step.
    let collectsFailures: Bool
}

/// The same step again and again, its output being the next input.
struct LoopPlan: Sendable {
    let body: Int
    let condition: Condition
    /// Whether the loop goes on while the condition holds (`while`), or stops then (`until`).
    let goesOnWhenTrue: Bool
    let iterationsMax: Int
}
