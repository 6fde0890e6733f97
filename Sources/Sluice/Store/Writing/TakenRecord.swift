internal import Primitives

/// A committed record under its number.
struct TakenRecord: Sendable {
    /// The journal number.
    let number: UInt64
    /// The record.
    let record: JournalRecord
}
