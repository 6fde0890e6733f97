package import Primitives

/// Who waits for which key, what came too early, and how earlier waits ended: every callback is decided here.
///
/// May be used on any thread. A call takes the locks of the shards its keys lie in and does no I/O under them. Every
/// decision draws, under those locks, the next journal number; the caller journals it under that number, then says
/// ``commit(through:)`` or ``fail(from:)``. No decision may have an effect outside before it is committed.
package final class WaiterTable: Sendable {
    /// Makes an empty table.
    package init(configuration: Configuration = Configuration()) {}

    /// Decides about a callback.
    ///
    /// - Parameters:
    ///   - channel: The endpoint's channel.
    ///   - key: The callback's key, 1 to 1,024 bytes.
    ///   - fingerprint: What makes it the same callback: of channel, key and content (``SipHash128``).
    ///   - options: What its endpoint asks for.
    ///   - now: The present moment.
    ///   - makeRecord: Called once if the callback is held, under the lock, and once if it is delivered, after the
    ///     lock; never otherwise. Keep the record: it is not handed back.
    package func arrive(
        channel: Channel, key: Span<UInt8>, fingerprint: Fingerprint, options: ArriveOptions,
        now: Instant, makeRecord: () -> CallbackRecord
    ) -> Arrival { .rejected }

    /// Opens a wait, or ends it at once with the oldest held callback of the first key that has one.
    ///
    /// - Parameters:
    ///   - id: Who waits; an id is used once.
    ///   - keys: The keys under which it waits; equal ones count once.
    ///   - deadline: When it ends at the latest.
    ///   - now: The present moment.
    package func register(_ id: WaitID, keys: [WaitKey], deadline: Instant, now: Instant)
        -> Registration
    { .gone }

    /// Lets an open wait wait for a further key as well, or ends it with the oldest callback held for that key.
    package func addKey(_ id: WaitID, key: WaitKey, now: Instant) -> Registration { .gone }

    /// Ends an open wait without a callback and marks all its keys.
    package func end(_ id: WaitID, how: EndedHow, now: Instant) -> EndResult { .lost }

    /// Does what time demands: ends waits past their deadline, gives up held callbacks, forgets marks.
    ///
    /// Deadlines count in whole milliseconds, rounded up: never early, at most 1 ms late.
    package func expire(now: Instant) -> [Expiry] { [] }

    /// A moment at or before the nearest deadline; nil when there is none.
    package func nextDeadline() -> Instant? { nil }

    /// Says that every decision up to and including `number` is final.
    package func commit(through number: UInt64) {}

    /// Takes back every uncommitted decision from `number` on, newest first.
    ///
    /// All shards are locked meanwhile. The numbers from `number` to the first one in the answer are void, also
    /// those whose callers have not journaled them yet; the next decision gets the number after that.
    package func fail(from number: UInt64) -> [UndoneDecision] { [] }

    /// How much the table holds.
    package var counts: Counts {
        Counts(waiters: 0, held: 0, heldBytes: 0, marks: 0, marksEvicted: 0)
    }

    /// The journal number drawn last.
    package var lastNumber: UInt64 { 0 }

    /// What the table knows about one key.
    package func explain(_ key: WaitKey) -> KeyReport { KeyReport(waits: [], held: [], marks: []) }

    /// Shows every open wait once, shard by shard; waits that open or end meanwhile may be shown or not.
    ///
    /// - Complexity: O(waits); no lock is held while `body` runs.
    package func forEachOpenWait(_ body: (OpenWait) -> Void) {}
}
