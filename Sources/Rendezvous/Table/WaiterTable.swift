package import Primitives
internal import Synchronization

// The waiter table
// ================
//
// Every callback is decided here, and so is every wait: whoever comes second meets the first. The table is memory only
// and does no I/O; the journal makes its decisions lasting, and a start puts it back together from the journal.
//
// A key and what is known of it. A key is a channel and 1 to 1,024 bytes. What the table knows about a key hangs in
// three rings of nodes:
//
//   key ──▶ live       waiters, or held callbacks, oldest first; never both at once
//       ├─▶ closing    marks of ended waits: a later callback that is no repeat is told `conflict`
//       └─▶ repeating  marks of waits under keys that are used again: they recognise repeats and refuse nothing
//
//   callback arrives     a fingerprint known in a ring      → duplicate of that one
//                        a waiter                           → delivered; the waiter's node becomes the mark
//                        a closing mark                     → conflict
//                        nobody, `unmatched: reject`        → rejected
//                        nobody                             → held, within the listener's bounds
//   wait registers       a held callback under one key      → delivered at once; the held node becomes the mark
//                        none                               → waits, until its deadline
//
// The order of the questions matters. A repeat is recognised first, so that a sender that repeats a delivered callback
// hears 200 and never 409, and so that a repeat can never end the key's next wait.
//
// Shards. The key's hash names a shard and a place in its index. A shard is behind a spin lock and holds all nodes of its
// keys; a call takes one lock, except where a wait has several keys: then the locks of all its shards are taken in
// ascending order, found first under one lock and checked again under all. An earlier design ended such a wait by
// compare-and-swap on the wait; a callback under its other key could then be held with a later number although the wait
// had ended before it. Under all locks the order of the journal numbers is the order of the decisions for every key.
//
// Numbers and commits. Under the locks a decision draws the next journal number, and the caller journals it under that
// number. Until `commit(through:)` says that it is final, the shard keeps what it takes to turn the decision back; if the
// journal cannot write it, the decision is undone, youngest first, and the waiter waits again. A decision may rest on an
// earlier one that is not final yet: its answer names that number, and leaves when it is final. Example: callback 7 ends a
// wait and is being written; its repeat comes and is told "duplicate of 7", but is answered only with 7. If 7 fails, both
// senders are told to come back, and the wait is open.
//
// Memory. A node is 64 bytes, one cache line, and holds a key of up to 20 bytes, or a UUID, in itself; a longer key has
// its rest in cells of 32 bytes. A waiter that is answered becomes its own mark in place, so a match allocates nothing.
// Decision record 9 says why the table counts cache lines, and what that saved.
//
// Time. Deadlines, held callbacks and marks lie in a timer wheel of their shard and end in `expire(now:)`, which a clock of
// the caller's calls. What has passed its time and was not expired yet is still there and still decides. That is on purpose:
// an end is a decision with a number, like any other.
//
// Bounds: open waits, held callbacks and their bytes (a listener), marks (the oldest go first, and are counted). Beyond
// them a wait or a callback is refused; nothing grows with what senders send.
//
// Not a goal: waiting for patterns or ranges of keys, order between different keys, priorities, more than one process
// that decides about the same keys.

/// Who waits for which key, what came too early, and how earlier waits ended: every callback is decided here.
///
/// May be used on any thread. A call takes the locks of the shards its keys lie in and does no I/O under them. Every
/// decision draws, under those locks, the next journal number; the caller journals it under that number, then says
/// ``commit(through:)`` or ``fail(from:)``. No decision may have an effect outside before it is committed.
///
/// A wait with several keys is ended under the locks of all its keys, taken in ascending order: so all its keys are
/// marked at the same moment, and the order of the numbers is the order of the decisions under every key.
package final class WaiterTable: Sendable {
    let configuration: Configuration
    let budgets: [HeldBudget]
    let shards: StripedLock<Shard>
    /// From a wait's id to its leading node: eight bits of shard, 24 of node.
    ///
    /// Locked last, inside a shard's lock.
    let directory: StripedLock<WaitDirectory>

    // The numbers change with every decision: each on cache lines of its own.
    private let padding0 = [16 of UInt64](repeating: 0)
    let drawn: Atomic<UInt64>
    private let padding1 = [16 of UInt64](repeating: 0)
    let committed: Atomic<UInt64>
    private let padding2 = [16 of UInt64](repeating: 0)
    /// Waits that were opened, less those that the latest ``recount()`` found ended.
    let opened = Atomic<Int>(0)
    private let padding3 = [16 of UInt64](repeating: 0)
    private let counting = Lock(())
    /// How many bytes of a result the waits take that do not take everything.
    let rooms = Lock<[WaitID: Int]>([:])
    let roomCount = Atomic(0)
    let hash: FoldHash

    /// Makes an empty table.
    package init(configuration: Configuration = Configuration()) {
        let count = Self.powerOfTwo(from: configuration.shards)
        // The last is nobody's: of what was held by a listener that is not there any more.
        let nobody = HeldLimits(countMax: .max, bytesMax: .max)
        let budgets = HeldBudget.all(configuration.heldLimits + [nobody])
        let marksMax = max(1, configuration.rememberedCountMax / count)
        let hash = FoldHash(key: configuration.seed)
        self.configuration = configuration
        self.budgets = budgets
        self.hash = hash
        shards = StripedLock(count: count) { place in
            Shard(
                place: place,
                hash: hash,
                keepsUndo: !configuration.isFinalAtOnce,
                budgets: budgets,
                marksMax: marksMax
            )
        }
        directory = StripedLock(count: count) { _ in WaitDirectory() }
        drawn = Atomic(configuration.lastNumber)
        committed = Atomic(configuration.lastNumber)
    }

    /// Says that every decision up to and including `number` is final.
    package func commit(through number: UInt64) {
        if configuration.isFinalAtOnce { return }
        // Each shard lets go of what it kept for undoing when it is next used.
        committed.max(number, ordering: .releasing)
    }

    /// The journal number drawn last.
    package var lastNumber: UInt64 { drawn.load(ordering: .acquiring) }

    /// The next journal number, for a record that changes nothing here.
    package func drawNumber() -> UInt64 { draw() }

    /// The next journal number; drawn under the locks of every shard that the decision changes.
    func draw() -> UInt64 {
        drawn.wrappingAdd(1, ordering: .relaxed).newValue
    }

    /// Up to which number everything is final.
    var final: UInt64 {
        configuration.isFinalAtOnce ? .max : committed.load(ordering: .acquiring)
    }

    /// Counts a wait that is to be opened; false where as many are open as may be.
    ///
    /// The end of a wait is not counted, because it happens on the hot path: it is found when the bound seems met.
    func reserveWait() -> Bool {
        let count = opened.add(1, ordering: .relaxed).newValue
        if count <= configuration.waitersMax || recount() <= configuration.waitersMax {
            return true
        }
        opened.subtract(1, ordering: .relaxed)
        return false
    }

    /// How many waits are open: every one has an entry in the directory.
    var openCount: Int {
        var count = 0
        for place in 0..<directory.count { count += directory.withLock(place) { $0.count } }
        return count
    }

    /// Counts the open waits anew, the one that is to be opened included.
    private func recount() -> Int {
        counting.withLock { _ in
            let counted = opened.load(ordering: .relaxed)
            let ended = counted - 1 - openCount
            return opened.subtract(max(0, ended), ordering: .relaxed).newValue
        }
    }

    /// The shard of a hash: its top bits, where the place within the shard is the low ones.
    func shard(of hash: UInt64) -> Int {
        Int(truncatingIfNeeded: hash >> 48) & (shards.count - 1)
    }

    func tickUp(_ moment: Instant) -> UInt64 {
        Tick.roundedUp(moment, since: configuration.start)
    }

    /// What is remembered of a wait that ends now.
    func ending(
        _ how: EndedHow,
        _ fingerprint: Fingerprint = Fingerprint(high: 0, low: 0),
        now: Instant,
        isReusable: Bool = false
    ) -> Shard.Ending {
        let until = now.advanced(by: configuration.rememberFor)
        return Shard.Ending(
            how: how,
            fingerprint: fingerprint,
            number: draw(),
            isReusable: isReusable,
            until: tickUp(until)
        )
    }

    private static func powerOfTwo(from wanted: Int) -> Int {
        var count = 1
        while count < min(wanted, 256) { count *= 2 }
        return count
    }
}

extension WaiterTable {
    /// How large a table may grow and how long it remembers.
    package struct Configuration: Sendable {
        /// Enough parts for two threads; what a part consists of stays in a processor's caches while there are few.
        package static var shardsLeast: Int { 32 }

        /// How many parts with a lock of their own; rounded up to a power of two, at most 256.
        package var shards: Int
        /// How long the end of a wait is remembered.
        package var rememberFor: Nanoseconds
        /// How many ends are remembered; each shard keeps its share, and its oldest go first.
        package var rememberedCountMax: Int
        /// What each listener may hold; ``ArriveOptions/listener`` picks.
        ///
        /// Never empty.
        package var heldLimits: [HeldLimits]
        /// How many waits may be open.
        package var waitersMax: Int
        /// What the places of keys depend on; secret, so that nobody can choose keys that collide.
        package var seed: (UInt64, UInt64)
        /// The moment from which the table counts its milliseconds; no deadline may lie before it.
        package var start: Instant
        /// The journal number of the last decision before this start; the first one here is the next.
        package var lastNumber: UInt64
        /// Whether every decision is final as soon as it is made, because nothing is written (`store: memory`).
        ///
        /// Then nothing is kept to take one back.
        package var isFinalAtOnce: Bool

        /// Makes a configuration with the defaults of the product and a fresh seed.
        package init(
            shards: Int = Configuration.shardsLeast,
            rememberFor: Nanoseconds = .seconds(3600),
            rememberedCountMax: Int = 4_000_000,
            heldLimits: [HeldLimits] = [HeldLimits()],
            waitersMax: Int = 5_000_000,
            seed: (UInt64, UInt64)? = nil,
            start: Instant = .now(),
            lastNumber: UInt64 = 0,
            isFinalAtOnce: Bool = false
        ) {
            self.shards = shards
            self.rememberFor = rememberFor
            self.rememberedCountMax = rememberedCountMax
            self.heldLimits = heldLimits.isEmpty ? [HeldLimits()] : heldLimits
            self.waitersMax = waitersMax
            var source = SystemRandomNumberGenerator()
            self.seed = seed ?? (source.next(), source.next())
            self.start = start
            self.lastNumber = lastNumber
            self.isFinalAtOnce = isFinalAtOnce
        }
    }

    /// How many callbacks a listener may hold, and how many bytes of them.
    package struct HeldLimits: Hashable, Sendable {
        /// The most callbacks.
        package var countMax: Int
        /// The most bytes of keys, statuses and results.
        package var bytesMax: Int
        /// The place of the limits that these are a share of, which comes before theirs; nil where they stand alone.
        package var shareOf: Int?

        /// Makes limits; the defaults are 100,000 callbacks and 256 MiB.
        package init(countMax: Int = 100_000, bytesMax: Int = 256 << 20) {
            self.countMax = countMax
            self.bytesMax = bytesMax
        }

        /// Half of what a listener may hold, and at least one callback: for those that come from nobody knows whom.
        ///
        /// - Parameter place: The place of these limits.
        /// - Returns: The limits of the share.
        package func half(at place: Int) -> HeldLimits {
            var half = HeldLimits(countMax: max(1, countMax / 2), bytesMax: max(1, bytesMax / 2))
            half.shareOf = place
            return half
        }
    }
}

/// Waits of runs that hold so much already that not every result fits beside it.
///
/// Few have one: all others take whatever an endpoint lets in, and are told by one bit of their node.
extension WaiterTable {
    /// Says how many bytes of a result an open wait takes.
    ///
    /// - Parameters:
    ///   - room: The bytes.
    ///   - id: The wait; nothing happens where it is not open.
    package func limit(to room: Int, _ id: WaitID) {
        keepRoom(room, id)
        let isOpen = withOpenWait(id) { locked, members in
            for member in members {
                locked.with(member.shard) { $0.nodes[member.node].isBounded = true }
            }
            return true
        }
        if isOpen == nil { forgetRoom(id) }
    }

    /// How many waits there are that do not take everything.
    package var limitedCount: Int { roomCount.load(ordering: .relaxed) }

    /// Forgets how much a wait takes that has ended for good.
    package func forgetRoom(_ id: WaitID) {
        guard roomCount.load(ordering: .relaxed) > 0 else { return }
        rooms.withLock { rooms in
            rooms[id] = nil
            roomCount.store(rooms.count, ordering: .relaxed)
        }
    }

    func keepRoom(_ room: Int, _ id: WaitID) {
        rooms.withLock { rooms in
            rooms[id] = room
            roomCount.store(rooms.count, ordering: .relaxed)
        }
    }

    /// Whether a wait is among those that do not take everything.
    func hasRoom(_ id: WaitID) -> Bool {
        guard roomCount.load(ordering: .relaxed) > 0 else { return false }
        return rooms.withLock { $0[id] != nil }
    }

    /// Whether a result fits; one whose wait's room is not known any more does.
    func fits(_ size: Int, _ id: WaitID) -> Bool {
        rooms.withLock { $0[id] }.map { size <= $0 } ?? true
    }
}
