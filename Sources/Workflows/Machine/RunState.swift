package import JSONWire
package import Primitives

/// Where a run is; finished are `completed`, `failed` and `cancelled`.
package enum RunStatus: String, Sendable {
    case pending, running, waiting, interrupted, completed, failed, cancelled

    /// Whether the run has ended.
    package var isFinished: Bool {
        switch self {
        case .completed, .failed, .cancelled: true
        case .pending, .running, .waiting, .interrupted: false
        }
    }
}

/// Where a step is; over are `completed`, `failed`, `skipped` and `cancelled`.
package enum StepStatus: UInt8, Sendable {
    case pending, running, waiting, completed, failed, skipped, cancelled

    /// The state's name, as the API writes it.
    package var name: String {
        switch self {
        case .pending: "pending"
        case .running: "running"
        case .waiting: "waiting"
        case .completed: "completed"
        case .failed: "failed"
        case .skipped: "skipped"
        case .cancelled: "cancelled"
        }
    }

    /// Whether the step has ended.
    package var isOver: Bool { rawValue >= StepStatus.completed.rawValue }
}

/// A run as the API shows it.
package struct RunState: Sendable {
    /// Where the run is.
    package let status: RunStatus
    /// What it was started with.
    package let input: JSONValue
    /// When it ended; nil while it has not.
    package let endedAt: WallTime?
    /// The steps in the order of the plan, then those started on the way.
    package let steps: [StepView]
    /// The open waits.
    package let waiting: [WaitView]
    /// What a person is asked.
    package let interrupts: [InterruptView]
    /// The output of a completed run.
    package let output: JSONValue?
    /// Why a failed run failed.
    package let failure: RunFailure?
    /// Why a cancelled run was cancelled.
    package let cancelReason: String?
}

/// One step of a run as the API shows it.
package struct StepView: Sendable {
    /// The step's id; an item of a for-each step as `id[3]`.
    package let name: String
    /// Whether it is one item of a for-each step, or one iteration of a loop.
    package let isItem: Bool
    /// Where it is.
    package let status: StepStatus
    /// Its present or last try, from 1; 0 before the first.
    package let attempt: Int
    /// The component it uses; nil for a step without one.
    package let component: String?
    /// When it began; nil where it has not.
    package let startedAt: WallTime?
    /// When it ended; nil where it has not.
    package let endedAt: WallTime?
    /// What it yielded; null where it has not, or yielded nothing.
    package let output: JSONValue
    /// How far its items are while they are under way; nil for a step without items.
    package let items: ItemsView?
}

/// How far the items of a for-each step are; the rest of ``total`` has not begun.
package struct ItemsView: Sendable {
    /// How many there are.
    package let total: Int
    /// How many have completed.
    package let completed: Int
    /// How many have failed and were collected as failures.
    package let failed: Int
    /// How many are under way and do not wait for a callback.
    package let running: Int
    /// How many wait for a callback.
    package let waiting: Int
}

/// An open wait as the API shows it: `{step, keys, until}`.
package struct WaitView: Sendable {
    /// The step that waits.
    package let step: String
    /// The try that waits.
    package let attempt: AttemptRef
    /// The keys under which a callback ends it, as text.
    package let keys: [String]
    /// Its deadline.
    package let until: WallTime
}

/// A question to a person, as the API shows it.
package struct InterruptView: Sendable {
    /// What ``RunEvent/answered(interrupt:_:)`` names: `STEP.before` or `STEP.after`.
    package let id: String
    /// The step that stopped.
    package let step: String
    /// `before` or `after`.
    package let phase: String
    /// The question; empty where none is configured.
    package let message: String
    /// What is configured beside the message; null where nothing is.
    package let metadata: JSONValue
}
