/// A record with the number it stands under.
package struct NumberedRecord: Sendable {
    /// The journal number.
    package let number: UInt64
    /// The record.
    package let record: JournalRecord

    /// Puts both together.
    package init(number: UInt64, record: JournalRecord) {
        self.number = number
        self.record = record
    }
}
