/// A record as bytes: what a journal takes, and what comes behind it gets.
package struct PreparedRecord: Sendable {
    /// Its bytes.
    package let bytes: [UInt8]

    /// Writes a record out.
    package init(_ record: JournalRecord) {
        var bytes: [UInt8] = []
        record.write(to: &bytes)
        self.bytes = bytes
    }
}
