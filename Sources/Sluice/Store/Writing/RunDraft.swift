internal import Primitives
internal import Workflows

/// What a batch does to a run.
struct RunDraft {
    /// Where the run's birth is among those of the batch; nil where it was born before.
    var birth: Int?
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
