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
