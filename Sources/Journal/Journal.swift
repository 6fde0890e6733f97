/// The durable log of everything that was accepted and decided, in the order of its numbers.
///
/// A decision is made in the waiter table, which draws its number; it is final, answered and acted on only when the
/// journal has settled that number. May be used on any thread; nothing blocks.
package protocol Journal: AnyObject, Sendable {
    /// Whether a decision is final as soon as it is made, because nothing is written (`store: memory`).
    var settlesAtOnce: Bool { get }

    /// Why new work is not taken at present, as a sentence; nil where it is.
    var refusal: String? { get }

    /// The most bytes a record may have.
    var recordBytesMax: Int { get }

    /// Takes the records of decisions; numbers are settled in order, without gaps.
    ///
    /// Who is named in the batch is told once, on any thread, in the order of the numbers.
    func append(_ batch: JournalBatch)

    /// Whether a number is settled: true when its record is committed, false when it never will be, nil while nobody knows.
    func verdict(_ number: UInt64) -> Bool?

    /// Whether a number whose verdict is false may turn out to be committed after a restart: its record was written, could not
    /// be confirmed, and could not be taken back.
    func isOutcomeUnknown(_ number: UInt64) -> Bool

    /// Calls `done` once the number is settled, at once where it is: true when its record is committed, false when it
    /// never will be.
    ///
    /// On any thread.
    func whenSettled(_ number: UInt64, _ done: @escaping @Sendable (Bool) -> Void)

    /// Says what the owner of the numbers does when they are settled; called once, before anything is appended.
    func attach(_ owner: JournalOwner)
}

/// What the owner of a journal's numbers does when they are settled; called on the journal's own threads.
package struct JournalOwner: Sendable {
    /// Every number up to this one is final; called before those that wait for them are told.
    package let commit: @Sendable (UInt64) -> Void
    /// No number from this one on, up to the one it gives, will ever be final: takes back what was decided under them.
    package let fail: @Sendable (UInt64) -> UInt64
    /// The journal takes records again after a failure.
    package let recovered: @Sendable () -> Void
}
