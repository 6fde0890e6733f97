/// A record as bytes, with the number it stands under.
package struct NumberedRecord: Sendable {
    /// The journal number.
    package let number: UInt64
    /// What the record was written into; others may stand beside it.
    package let buffer: [UInt8]
    /// Where in that it lies.
    package let range: Range<Int>

    /// A part of what several records were written into, which is shared and not copied.
    init(number: UInt64, buffer: [UInt8], range: Range<Int>) {
        self.number = number
        self.buffer = buffer
        self.range = range
    }

    /// A record that stands alone.
    package init(number: UInt64, bytes: [UInt8]) {
        self.init(number: number, buffer: bytes, range: bytes.indices)
    }

    /// Writes a record out.
    package init(number: UInt64, record: JournalRecord) {
        self.init(number: number, bytes: PreparedRecord(record).bytes)
    }

    /// Its bytes.
    package var bytes: ArraySlice<UInt8> { buffer[range] }
}
