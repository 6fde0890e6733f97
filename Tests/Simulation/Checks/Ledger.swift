import Primitives
import Rendezvous

/// What the disk knows, gathered record by record as each is committed.
struct Ledger {
    /// What the disk has of a callback.
    struct Fate {
        /// How often it ended a wait.
        var deliveredCount = 0
        /// The number under which it is held at present.
        var heldUnder: UInt64?
        /// Whether it was held in vain.
        var isGivenUp = false

        var isKnown: Bool { deliveredCount > 0 || heldUnder != nil || isGivenUp }
    }

    var shadows: [UUIDv7: Shadow] = [:]
    /// The runs in the order of their births.
    var order: [UUIDv7] = []
    /// Callbacks, by their letters.
    var fates: [Int: Fate] = [:]
    /// Which letter is held under a number.
    var heldLetters: [UInt64: Int] = [:]
    /// The waits that have ended so that their run goes on.
    var resumed: Set<WaitID> = []
    /// The waits that are open.
    var openWaits: Set<WaitID> = []
    /// The waits that were given a key, the first one first; some may have ended.
    var waiters: [WaitKey: [WaitID]] = [:]
    /// Runs that something was committed for since they were last compared.
    var touched: Set<UUIDv7> = []
    /// The last number.
    var last: UInt64 = 0
}
