/// A record as bytes: what a journal takes.
package struct PreparedRecord: Sendable {
    /// Its bytes.
    package let bytes: [UInt8]

    /// Writes a record out.
    package init(_ record: JournalRecord) {
        var bytes: [UInt8] = []
        record.write(to: &bytes)
        self.bytes = bytes
    }

    /// Takes a record out of those beside it.
    init(_ record: NumberedRecord) {
        bytes = Array(record.bytes)
    }
}
