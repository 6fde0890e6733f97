// The journal: from a decision to its consequences
// ================================================
//
// A gateway makes three promises to a sender: a 2xx is never lost, a refusal never happened, and nothing happens twice.
// All three are one rule, and this folder keeps it: **a decision is written before anything depends on it.**
//
//   waiter table            JournalCommit          Journal                 who waits
//   ────────────            ─────────────          ───────                 ─────────
//   decides, draws 17  ──▶  append(17, record) ──▶ append                  the sender, the run's mailbox
//                                                    │ in the order of numbers, one write for all
//   commit(through: 17) ◀──────────────────────────  settled ───────────▶  answered 200; the run goes on
//   undone from 17 on   ◀──────────────────────────  failed  ───────────▶  answered 503; the run does not
//                                                    │
//                                                    └──▶ JournalFollower: the store, behind and never waited for
//
// Numbers. Every decision has one, drawn under the locks of what it decides about, so that the order of the numbers is the
// order of the decisions. Threads append in any order; `NumberedSlots` and the log put the records back in order and let
// none through before its predecessors. A number that needs no record (an undone decision, one that somebody gave up)
// is skipped explicitly: a gap would hold up all that follow.
//
// An answer may depend on an earlier number: a repeat is answered when the callback that it repeats is settled, and a read
// of a run waits until what it shows is. `whenSettled` is that wait; it costs nothing where the number is settled already.
//
// Example. Callbacks A (17) and B (18) come in one turn of a loop, and the disk fails while both are written. The log fails,
// `fail(17)` undoes 18, then 17, in the waiter table: both waits are open again. Both senders get 503. Before that answer
// leaves, what the disk may have of 17 and 18 is overwritten, so that no restart finds them. Only if that write fails, too,
// the answer is `outcome_unknown`: then it may have happened, and a repeat is its duplicate.
//
// Events first. A run moves by journaled events only (decision record 7): its state is what its events make of it, and a
// recovery applies the same events with the same stamps (`Stamp`: the time and the random numbers of an event are written with
// it). Effects, such as a request that is sent, come after the event that asked for them is settled; one that was under way
// at a crash is repeated, under the same `Idempotency-Key`.
//
// Modes. `DurableJournal` writes; `MemoryJournal` (`store: memory`) settles at once. Callers do not ask which they have: they
// tell `JournalCommit.follow` what follows from a decision, and it happens at once, without a record or a closure being made,
// or when the record is settled. What a server without a store does otherwise is chosen where its parts are put together:
// `RunsInMemory` in place of `RunArchive`, no mask for the ledger, a waiter table that keeps nothing for undoing.
//
// Where the store stands. It is told of committed records only and may be seconds behind; the log keeps a record until the
// store has it on the medium. So nothing that was settled may be read from the store alone: who reads a run asks memory
// first, and the store tells up to which number it has come.
//
// Not a goal: reading records by number, several writers, a format that other programs read.

/// The durable log of everything that was accepted and decided, in the order of its numbers.
///
/// A decision is made in the waiter table, which draws its number; it is final, answered and acted on only when the
/// journal has settled that number. May be used on any thread; nothing blocks.
package protocol Journal: AnyObject, Sendable {
    /// Whether a decision is final as soon as it is made, because nothing is written (`store: memory`).
    var isVolatile: Bool { get }

    /// Why new work is not taken at present, as a sentence; nil where it is.
    var refusal: String? { get }

    /// The most bytes a record may have.
    var recordBytesMax: Int { get }

    /// Takes the records of decisions; numbers are settled in order, without gaps.
    ///
    /// Who is named in the batch is told once, on any thread, in the order of the numbers.
    func append(_ batch: JournalBatch)

    /// Whether a number is settled: true when its record is committed, false when it never will be, nil while nobody knows.
    func status(of number: UInt64) -> Bool?

    /// Whether a number whose verdict is false may turn out to be committed after a restart: its record was written, could not
    /// be confirmed, and could not be taken back.
    func isOutcomeUnknown(_ number: UInt64) -> Bool

    /// Calls `done` once the number is settled, at once where it is: true when its record is committed, false when it
    /// never will be.
    ///
    /// On any thread.
    func whenSettled(_ number: UInt64, _ done: @escaping @Sendable (Bool) -> Void)

    /// Says what the owner of the numbers does when they are settled; called once, before anything is appended.
    func attach(_ owner: JournalHandle)
}

/// What the owner of a journal's numbers does when they are settled; called on the journal's own threads.
package struct JournalHandle: Sendable {
    /// Every number up to this one is final; called before those that wait for them are told.
    package let commit: @Sendable (UInt64) -> Void
    /// No number from this one on, up to the one it gives, will ever be final: takes back what was decided under them.
    package let fail: @Sendable (UInt64) -> UInt64
    /// The journal takes records again after a failure.
    package let recovered: @Sendable () -> Void
}
