internal import Documents
internal import Expressions
internal import JSONWire
internal import Primitives

/// One type of component: what its settings mean and what an action of it asks for.
///
/// A value of the type is one compiled action. What the asked call brings is read by the call itself (see
/// ``ComponentCall``), and who carries calls out has a table of its own. A new type is a folder beside this file with
/// its reading, its call and its outcome, and one line in ``ComponentTable``; neither the compiler nor the run machine
/// knows any type by name.
protocol ComponentType: Sendable {
    /// The settings of a component that all of its actions share.
    associatedtype Shared = Void

    /// The word after `type:`.
    static var name: String { get }

    /// The names that the `output` of an action may use.
    static var outputSources: SourceSet { get }

    /// Whether `after_crash` says what becomes of a call whose end a crash made unknown.
    static var takesAfterCrash: Bool { get }

    /// Whether such a call is made again where `after_crash` says nothing.
    static var repeatsAfterCrash: Bool { get }

    /// The action of a component of this type that need not be declared, under the type's name; nil where there is none.
    static var builtIn: Self? { get }

    /// Whether a component without `type` that has these keys is one of this type.
    static func isMeant(by keys: [String]) -> Bool

    /// Reads what stands on the component itself.
    static func readShared(
        _ reader: inout SettingsReader,
        _ component: inout ComponentReading,
        _ compiler: PlanCompiler
    ) -> Shared

    /// Reads one action; nil where it is refused.
    static func read(
        _ reader: inout SettingsReader,
        _ shared: Shared,
        _ action: inout ActionReading
    ) -> Self?

    /// What the action asks for in one try of a step.
    ///
    /// - Throws: Where an expression fails.
    func call(_ context: CallContext) throws(EvaluationError) -> AskedWork

    /// The id of the workflow that it starts; nil where it starts none.
    var startedWorkflow: String? { get }
}

extension ComponentType {
    static var outputSources: SourceSet { .component }
    static var takesAfterCrash: Bool { false }
    static var repeatsAfterCrash: Bool { true }
    static var builtIn: Self? { nil }

    static func isMeant(by keys: [String]) -> Bool { false }

    var startedWorkflow: String? { nil }
}

extension ComponentType where Shared == Void {
    static func readShared(
        _ reader: inout SettingsReader,
        _ component: inout ComponentReading,
        _ compiler: PlanCompiler
    ) {}
}

/// The work that an action asks for in one try of its step.
enum AskedWork {
    /// A call whose end the step waits for.
    case call(any ComponentCall)
    /// A call whose end nobody waits for; what the step gets is known at once.
    case notice(any ComponentCall, result: JSONValue)
    /// A run of another workflow.
    case childRun(workflow: String, input: JSONValue)
    /// A pause, timed by the run itself.
    case pause(Pause)
    /// Nothing, because what its expressions yield makes no call.
    case refused(CallFailure)
}

/// The settings of a component that are read before its actions.
struct ComponentReading {
    let id: String
    let position: SourcePosition
    /// Whether nothing says its type.
    let isTypeAssumed: Bool
    /// The bound of one try, where its actions name none.
    var timeout: Nanoseconds?
    /// The component's own `after_crash`, where its actions stand apart.
    var afterCrash: String?
    var rateLimit: RateLimit?
    var server: ServerPlan?
}

/// The settings of an action beside those that its component's type keeps.
struct ActionReading {
    let compiler: PlanCompiler
    let component: ComponentReading
    let id: String
    /// Whether its keys stand on the component itself, which has read those of both.
    let isInline: Bool
    var completion = Completion.response
    var timeout: Nanoseconds?
}
