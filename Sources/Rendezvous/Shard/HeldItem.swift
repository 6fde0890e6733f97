internal import Synchronization

/// A held callback's record, and who pays for it.
struct HeldItem {
    let record: CallbackRecord
    let listener: Int
}

/// What one listener holds, against what it may hold.
///
/// Any thread may use it.
final class HeldBudget: Sendable {
    private let limits: WaiterTable.HeldLimits
    /// What this is a share of, and counts against too.
    private let whole: HeldBudget?
    private let count = Atomic<Int>(0)
    private let bytes = Atomic<Int>(0)

    init(_ limits: WaiterTable.HeldLimits, of whole: HeldBudget? = nil) {
        self.limits = limits
        self.whole = whole
    }

    /// The budgets of some limits; one of which others are shares comes before them.
    static func all(_ limits: [WaiterTable.HeldLimits]) -> [HeldBudget] {
        var budgets: [HeldBudget] = []
        for limit in limits {
            let whole = limit.shareOf.flatMap { budgets.indices.contains($0) ? budgets[$0] : nil }
            budgets.append(HeldBudget(limit, of: whole))
        }
        return budgets
    }

    /// Whether nothing more can be taken, whatever its size.
    var isFull: Bool {
        count.load(ordering: .relaxed) >= limits.countMax
            || bytes.load(ordering: .relaxed) >= limits.bytesMax
            || whole?.isFull == true
    }

    /// Whether it counts against another one, too.
    var isShare: Bool { whole != nil }

    var heldCount: Int { count.load(ordering: .relaxed) }
    var heldBytes: Int { bytes.load(ordering: .relaxed) }

    /// Takes a callback into account; false, and nothing changed, when it is too much.
    func take(_ size: Int) -> Bool {
        let newCount = count.add(1, ordering: .relaxed).newValue
        let newBytes = bytes.add(size, ordering: .relaxed).newValue
        let fits = newCount <= limits.countMax && newBytes <= limits.bytesMax
        if fits, whole?.take(size) != false { return true }
        count.subtract(1, ordering: .relaxed)
        bytes.subtract(size, ordering: .relaxed)
        return false
    }

    /// Takes it back into account, whatever the limits: a decision was undone.
    func takeAgain(_ size: Int) {
        count.add(1, ordering: .relaxed)
        bytes.add(size, ordering: .relaxed)
        whole?.takeAgain(size)
    }

    func giveBack(_ size: Int) {
        count.subtract(1, ordering: .relaxed)
        bytes.subtract(size, ordering: .relaxed)
        whole?.giveBack(size)
    }
}
