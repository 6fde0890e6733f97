internal import Primitives

/// One thing the table knows about one key: a waiter, a held callback or a mark.
///
/// It takes 64 bytes, one cache line. A waiter that is answered becomes the mark in place, so a match allocates nothing.
/// Where a held callback's record or the group of a wait lies stands in ``Shard/sides``: few have one.
struct WaiterNode: TimerNode {
    /// What a node stands for.
    enum Kind: UInt64 { case waiter, held, mark, gone }

    /// The lists that the nodes of one key form.
    enum Ring { case live, closing, repeating }

    static var none: UInt32 { .max }
    /// The latest tick a node can carry: 8.7 years of milliseconds; later ones count as this.
    static var tickMax: UInt64 { 1 << 38 - 1 }
    /// The bits of `meta` that belong to the key: its length and form.
    static var shapeMask: UInt64 { 0x7FF << 38 | 1 << 54 | 1 << 55 }

    /// A waiter's run, first half; else the fingerprint's first half.
    var word0: UInt64 = 0
    /// A waiter's run, second half; else the fingerprint's second half.
    var word1: UInt64 = 0
    /// A waiter's step and attempt; else the journal number.
    var word2: UInt64 = 0
    /// Tick 0..<38, key length 38..<49, kind 49..<51, how 51..<53, then one bit each: reusable 53, packed 54,
    /// with channel 55, in a timer list 56, one of several 57, in the print index 58, printed by the older rule 59,
    /// with little room 60.
    var meta: UInt64
    /// The key: 16 bytes of text, or a UUID.
    var key0: UInt64
    var key1: UInt64
    /// The ring's links, 24 bits each, and the lower half of `key2`.
    private var ringWord: UInt64
    /// The timer's links, 24 bits each, and the upper half of `key2`.
    private var timerWord: UInt64

    init(form: KeyForm, kind: Kind, tick: UInt64) {
        meta = form.shape | kind.rawValue << 49 | min(tick, Self.tickMax)
        key0 = form.key0
        key1 = form.key1
        ringWord = Self.linksMask | UInt64(form.key2) << 48
        timerWord = Self.linksMask | UInt64(form.key2 >> 16) << 48
    }

    /// The key's bytes 16 to 19, or its channel, or the first cell of its rest.
    var key2: UInt32 {
        get {
            UInt32(truncatingIfNeeded: ringWord >> 48)
                | UInt32(truncatingIfNeeded: timerWord >> 48) << 16
        }
        set {
            ringWord = ringWord & Self.linksMask | UInt64(newValue) << 48
            timerWord = timerWord & Self.linksMask | UInt64(newValue >> 16) << 48
        }
    }

    var ringNext: UInt32 {
        get { Self.low(ringWord) }
        set { ringWord = Self.withLow(ringWord, newValue) }
    }

    var ringPrevious: UInt32 {
        get { Self.high(ringWord) }
        set { ringWord = Self.withHigh(ringWord, newValue) }
    }

    var timerNext: UInt32 {
        get { Self.low(timerWord) }
        set { timerWord = Self.withLow(timerWord, newValue) }
    }

    var timerPrevious: UInt32 {
        get { Self.high(timerWord) }
        set { timerWord = Self.withHigh(timerWord, newValue) }
    }

    var kind: Kind {
        get { Kind(rawValue: meta >> 49 & 3) ?? .gone }
        set { meta = meta & ~(3 << 49) | newValue.rawValue << 49 }
    }

    var tick: UInt64 {
        get { meta & Self.tickMax }
        set { meta = meta & ~Self.tickMax | min(newValue, Self.tickMax) }
    }

    var timerTick: UInt64 { tick }

    var how: EndedHow {
        get { EndedHow(rawValue: UInt8(truncatingIfNeeded: meta >> 51 & 3)) ?? .answered }
        set { meta = meta & ~(3 << 51) | UInt64(newValue.rawValue) << 51 }
    }

    var isReusable: Bool {
        get { meta >> 53 & 1 == 1 }
        set { set(53, newValue) }
    }

    var isTimed: Bool {
        get { meta >> 56 & 1 == 1 }
        set { set(56, newValue) }
    }

    var isOneOfSeveral: Bool {
        get { meta >> 57 & 1 == 1 }
        set { set(57, newValue) }
    }

    var isInPrints: Bool {
        get { meta >> 58 & 1 == 1 }
        set { set(58, newValue) }
    }

    /// Whether its fingerprint was made by the rule of older versions: of a callback's body alone.
    var isOlderPrint: Bool {
        get { meta >> 59 & 1 == 1 }
        set { set(59, newValue) }
    }

    /// Whether it is a waiter that does not take every result: how much it takes stands in ``WaiterTable/rooms``.
    var isBounded: Bool {
        get { meta >> 60 & 1 == 1 }
        set { set(60, newValue) }
    }

    var id: WaitID {
        get {
            WaitID(
                run: UUIDv7(high: word0, low: word1),
                step: UInt32(truncatingIfNeeded: word2 >> 32),
                attempt: UInt32(truncatingIfNeeded: word2)
            )
        }
        set {
            word0 = newValue.run.high
            word1 = newValue.run.low
            word2 = UInt64(newValue.step) << 32 | UInt64(newValue.attempt)
        }
    }

    var fingerprint: Fingerprint {
        get { Fingerprint(high: word0, low: word1) }
        set {
            word0 = newValue.high
            word1 = newValue.low
        }
    }

    var number: UInt64 {
        get { word2 }
        set { word2 = newValue }
    }

    /// Whether its key is this one, as far as a node holds it: of a long key it compares what lies here.
    @inline(__always)
    func hasKey(_ form: KeyForm) -> Bool {
        meta & Self.shapeMask == form.shape && key0 == form.key0 && key1 == form.key1
            && (form.isLong || key2 == form.key2)
    }

    /// Becomes the mark of an ending; it lies in no timer list, and its key stays.
    @inline(__always)
    mutating func become(_ ending: Shard.Ending) {
        let facts = Kind.mark.rawValue << 49 | UInt64(ending.how.rawValue) << 51
        meta =
            meta & Self.shapeMask | facts | (ending.isReusable ? 1 << 53 : 0)
            | (ending.isOlderPrint ? 1 << 59 : 0) | min(ending.until, Self.tickMax)
        fingerprint = ending.fingerprint
        number = ending.number
    }

    /// Whether it recognises a callback by its fingerprint.
    @inline(__always)
    var isPrinted: Bool { kind == .held || (kind == .mark && how == .answered) }

    var ring: Ring {
        guard kind == .mark else { return .live }
        return isReusable ? .repeating : .closing
    }

    /// The bits of a word that hold two links; all set where both are none.
    private static var linksMask: UInt64 { 0xFFFF_FFFF_FFFF }
    private static var linkMask: UInt64 { 0xFF_FFFF }

    @inline(__always)
    private static func low(_ word: UInt64) -> UInt32 { link(word & linkMask) }

    @inline(__always)
    private static func high(_ word: UInt64) -> UInt32 { link(word >> 24 & linkMask) }

    /// A shard has fewer nodes than 24 bits can tell apart (``Shard/nodesMax``), so that all set can mean none.
    @inline(__always)
    private static func link(_ bits: UInt64) -> UInt32 {
        bits == linkMask ? none : UInt32(truncatingIfNeeded: bits)
    }

    @inline(__always)
    private static func withLow(_ word: UInt64, _ node: UInt32) -> UInt64 {
        word & ~linkMask | UInt64(node) & linkMask
    }

    @inline(__always)
    private static func withHigh(_ word: UInt64, _ node: UInt32) -> UInt64 {
        word & ~(linkMask << 24) | (UInt64(node) & linkMask) << 24
    }

    private mutating func set(_ bit: UInt64, _ value: Bool) {
        meta = meta & ~(1 << bit) | (value ? 1 << bit : 0)
    }
}
