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
    /// Where a record at the very end was cut off because a power cut or crash had torn it.
    package var torn: Place?

    /// A place in the log.
    package struct Place: Sendable, Hashable {
        /// The segment file's name.
        package let file: String
        /// The offset in it, in bytes.
        package let offset: UInt64
        /// The sequence of the record there.
        package let sequence: UInt64
    }
}
