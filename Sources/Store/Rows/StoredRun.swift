package import Journal
package import Primitives
package import Rendezvous
package import Workflows

/// A run as the store has it: its birth, and all that happened to it.
package struct StoredRun: Sendable {
    /// The run's id.
    package let id: UUIDv7
    /// The workflow's id.
    package let workflow: String
    /// The configuration text whose plan it follows.
    package let origin: Fingerprint
    /// The run whose step started it; nil for others.
    package let parent: UUIDv7?
    /// That step's try.
    package let parentAttempt: AttemptRef
    /// How many runs stand above it.
    package let depth: Int
    /// What its starter wants to find at it again, as JSON text; empty for nothing.
    package let labels: [UInt8]
    /// How it came to be started; nil where that is not known.
    package let cause: RunCause?
    /// Its events, oldest first.
    package let events: [RunEventRow]
    /// Its open waits.
    package let waits: [WaitID]
    /// Whether its end was noted.
    package let isFinished: Bool

    /// Describes a run.
    package init(
        id: UUIDv7,
        workflow: String,
        origin: Fingerprint,
        parent: UUIDv7?,
        parentAttempt: AttemptRef,
        depth: Int,
        labels: [UInt8],
        cause: RunCause? = nil,
        events: [RunEventRow],
        waits: [WaitID],
        isFinished: Bool
    ) {
        self.id = id
        self.workflow = workflow
        self.origin = origin
        self.parent = parent
        self.parentAttempt = parentAttempt
        self.depth = depth
        self.labels = labels
        self.cause = cause
        self.events = events
        self.waits = waits
        self.isFinished = isFinished
    }
}

/// A run in a list of the store.
package struct StoredRunLine: Sendable {
    /// The run's id.
    package let id: UUIDv7
    /// The workflow's id.
    package let workflow: String
    /// How it ended; nil where it has not.
    package let status: RunStatus?
    /// What its starter wants to find at it again, as JSON text; empty for nothing.
    package let labels: [UInt8]

    /// Describes a run.
    package init(id: UUIDv7, workflow: String, status: RunStatus?, labels: [UInt8]) {
        self.id = id
        self.workflow = workflow
        self.status = status
        self.labels = labels
    }
}
