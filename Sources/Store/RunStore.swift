package import Journal
package import Primitives
package import Rendezvous

/// Where runs are kept that are not in memory, and what the waiter table is filled from at a start.
///
/// May be used on any thread but a loop's: reading blocks.
package protocol RunStore: Sendable {
    /// Every record up to this number is in what is read.
    var completeThrough: UInt64 { get }

    /// Why it cannot be written at present, as a sentence; nil where it can.
    var failure: String? { get }

    /// Has what was taken written soon; never blocks.
    func hurry()

    /// Blocks until everything taken so far is written.
    func flush() throws(StoreError)

    /// Notes that a run does nothing but wait for callbacks, once everything up to `number` is stored; any later event of
    /// the run takes that back.
    func notePark(_ run: UUIDv7, after number: UInt64)

    /// The run with an id; nil where it is unknown.
    func run(_ id: UUIDv7) throws(StoreError) -> StoredRun?

    /// The newest runs that a query names, newest first, one more than its page where there are more.
    func runs(_ query: RunQuery) throws(StoreError) -> [StoredRunLine]

    /// The runs that must go on by themselves: neither ended nor only waiting.
    func runsToResume() throws(StoreError) -> [UUIDv7]

    /// The runs whose events have more than so many bytes: how much they hold is known when they are rebuilt.
    func runsHolding(moreThan bytes: Int) throws(StoreError) -> Set<UUIDv7>

    /// Shows every open wait, in any order, with its keys in their order and its deadline.
    func forEachWait(_ body: (WaitID, [NumberedKey], WallTime) -> Void) throws(StoreError)

    /// The number up to which fingerprints of callbacks were made by the rule of version 1: of their bodies alone.
    func olderPrintsThrough() throws(StoreError) -> UInt64

    /// Shows every callback that is held.
    func forEachHeld(_ body: (StoredHeld) -> Void) throws(StoreError)

    /// Shows every remembered end of a wait, in the order of their numbers.
    func forEachMark(_ body: (StoredMark) -> Void) throws(StoreError)

    /// Shows every remembered request that started runs.
    func forEachClaim(_ body: (Claim) -> Void) throws(StoreError)
}
