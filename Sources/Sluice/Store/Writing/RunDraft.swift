internal import Primitives
internal import Workflows

/// What a batch does to a run.
struct RunDraft {
    /// The run's birth, where it is in the batch.
    var birth: RunBirth?
    /// The number of its last event in the batch; 0 where there is none.
    var lastEvent: UInt64 = 0
    /// Whether it has to go on by itself after a restart.
    var activity = Activity.unchanged
    /// How it ended in the batch, where it did.
    var end: End?
    /// Whether it went on in the batch, had it ended before.
    var wasReopened = false

    /// Whether a run has to go on by itself after a restart.
    enum Activity {
        case unchanged
        case active
        case parked
    }

    /// The end of a run.
    struct End {
        let status: RunStatus
        let time: WallTime
    }
}
