internal import Primitives

/// A run's event that a batch brings.
struct EventDraft {
    /// The run.
    let run: UUIDv7
    /// The event's journal number.
    let number: UInt64
    /// The event and its stamp as bytes.
    let bytes: [UInt8]

    /// Whether it comes before another in the order of rows.
    static func isBefore(_ left: EventDraft, _ right: EventDraft) -> Bool {
        left.run == right.run ? left.number < right.number : left.run < right.run
    }
}
