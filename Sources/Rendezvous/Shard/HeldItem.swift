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
    private let count = Atomic<Int>(0)
    private let bytes = Atomic<Int>(0)

    init(_ limits: WaiterTable.HeldLimits) {
        self.limits = limits
    }

    /// Whether nothing more can be taken, whatever its size.
    var isFull: Bool {
        count.load(ordering: .relaxed) >= limits.countMax
            || bytes.load(ordering: .relaxed) >= limits.bytesMax
    }

    var heldCount: Int { count.load(ordering: .relaxed) }
    var heldBytes: Int { bytes.load(ordering: .relaxed) }

    /// Takes a callback into account; false, and nothing changed, when it is too much.
    func take(_ size: Int) -> Bool {
        let newCount = count.add(1, ordering: .relaxed).newValue
        let newBytes = bytes.add(size, ordering: .relaxed).newValue
        guard newCount > limits.countMax || newBytes > limits.bytesMax else { return true }
        giveBack(size)
        return false
    }

    /// Takes it back into account, whatever the limits: a decision was undone.
    func takeAgain(_ size: Int) {
        count.add(1, ordering: .relaxed)
        bytes.add(size, ordering: .relaxed)
    }

    func giveBack(_ size: Int) {
        count.subtract(1, ordering: .relaxed)
        bytes.subtract(size, ordering: .relaxed)
    }
}
