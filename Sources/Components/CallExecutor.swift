internal import Runs
internal import Workflows

/// Carries out the calls of one type.
///
/// A type of component whose actions call has one, in the list of ``ComponentRunner``.
/// Bounds, restarts and giving up are the runner's.
protocol CallExecutor: Sendable {
    /// What it carries out.
    associatedtype Call: ComponentCall

    /// Whether what is under way counts when the server ends: something outside has been asked and may have happened.
    var isOutgoing: Bool { get }

    /// Begins a call that has its place.
    ///
    /// May be called on any thread.
    ///
    /// - Parameters:
    ///   - call: The call.
    ///   - flight: Is told how the call is given up (``CallHandle/onAbandon(_:)``).
    ///   - cell: The run.
    ///   - end: Called once with the outcome, on any thread.
    func begin(
        _ call: Call,
        _ flight: CallHandle,
        of cell: RunActor,
        end: @escaping @Sendable (CallOutcome) -> Void
    )

    /// Carries out a call whose end nobody waits for (``ComponentCall/isAnswered``); only asked for such calls.
    ///
    /// May be called on any thread.
    func tell(_ call: Call, of cell: RunActor)
}

extension CallExecutor {
    var isOutgoing: Bool { true }

    func tell(_ call: Call, of cell: RunActor) {}
}

/// The executors there are, by the type of the calls they carry out.
struct CallExecutors: Sendable {
    // Few, and asked for with every call: looked through, which takes less than a hash.
    private let executors: [(key: ObjectIdentifier, executor: any CallExecutor)]

    init(_ executors: [any CallExecutor]) {
        self.executors = executors.map { (Self.key($0), $0) }
    }

    /// The executor of a call; nil where there is none.
    func find(for call: any ComponentCall) -> (any CallExecutor)? {
        let wanted = ObjectIdentifier(type(of: call))
        return executors.first { $0.key == wanted }?.executor
    }

    private static func key<Executor: CallExecutor>(_ executor: Executor) -> ObjectIdentifier {
        ObjectIdentifier(Executor.Call.self)
    }
}
