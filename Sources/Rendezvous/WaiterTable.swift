internal import Primitives
internal import Synchronization

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
    let hash: FoldHash

    /// Makes an empty table.
    package init(configuration: Configuration = Configuration()) {
        let count = Self.powerOfTwo(from: configuration.shards)
        // The last is nobody's: of what was held by a listener that is not there any more.
        let nobody = HeldLimits(countMax: .max, bytesMax: .max)
        let budgets = (configuration.heldLimits + [nobody]).map { HeldBudget($0) }
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
