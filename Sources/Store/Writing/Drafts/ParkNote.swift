internal import Primitives

/// The note that a run does nothing but wait for callbacks, as of a journal number.
struct ParkNote: Sendable {
    /// The run.
    let run: UUIDv7
    /// No event of the run up to this number is left to be handled.
    let number: UInt64
}
