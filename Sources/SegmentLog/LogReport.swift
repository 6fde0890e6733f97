/// What was found in a log when it was opened or checked.
package struct LogReport: Sendable, Hashable {
    /// How many segment files hold records.
    package var segments = 0
    /// The first sequence that is there; the next one where no record is.
    package var firstSequence: UInt64 = 1
    /// The sequence that the next record gets.
    package var nextSequence: UInt64 = 1
    /// How many records were read.
    package var records = 0
    /// How many times the log had been opened.
    package var epoch: UInt64 = 0
    /// The end that was cut off because it cannot be read; nil where the log ends cleanly.
    ///
    /// A crash or power cut tore a write that was never acknowledged, or the last record was damaged later: nothing comes
    /// after it, so the two look the same.
    package var torn: Gap?
    /// What was passed over because the caller has those records elsewhere.
    package var damaged: [Gap] = []

    /// A place in the log that cannot be read.
    package struct Gap: Sendable, Hashable {
        /// The segment file's name.
        package let file: String
        /// The offset in it, in bytes.
        package let offset: UInt64
        /// The sequence of the first record there; 0 where it is not known.
        package let sequence: UInt64
        /// How many bytes cannot be read; 0 where it is not known.
        package let bytes: UInt64
        /// What is wrong there.
        package let reason: String
    }
}

/// What the writer tells its owner, on the writer's thread, in order.
package enum LogEvent: Sendable, Hashable {
    /// Every record up to this sequence may be acknowledged; once per batch.
    case committed(through: UInt64)
    /// Every record up to this sequence is on the medium; only told under `relaxed`.
    case synced(through: UInt64)
    /// The writer has failed: no record after this sequence is or will be acknowledged until it is
    /// reopened.
    ///
    /// Those after `unknownThrough` are gone for good. Those up to it were written and could not be taken back: whether the
    /// next opening finds them is not known; a reopening takes them back. Mostly there are none, and both are the same.
    case failed(after: UInt64, unknownThrough: UInt64, LogError)
}
