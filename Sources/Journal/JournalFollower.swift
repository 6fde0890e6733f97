/// What comes behind a journal: it is handed every record that is committed, in the order of the numbers.
///
/// May be used on any thread; nothing blocks.
package protocol JournalFollower: Sendable {
    /// Takes committed records; everything up to `through` is settled, numbers without a record included.
    func take(_ records: [NumberedRecord], through: UInt64)

    /// The bytes that it takes on the disk, as far as it knows.
    var sizeBytes: Int { get }

    /// Why it can take no more at present; nil where it can.
    var refusal: String? { get }
}

extension JournalFollower {
    /// Nothing, where nobody says otherwise.
    package var sizeBytes: Int { 0 }
}
