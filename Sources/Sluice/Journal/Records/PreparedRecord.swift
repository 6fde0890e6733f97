/// A record with its bytes: what a journal takes.
package struct PreparedRecord: Sendable {
    /// The record.
    package let record: JournalRecord
    /// Its bytes.
    package let bytes: [UInt8]

    /// Writes a record out.
    package init(_ record: JournalRecord) {
        self.record = record
        var bytes: [UInt8] = []
        record.write(to: &bytes)
        self.bytes = bytes
    }
}
