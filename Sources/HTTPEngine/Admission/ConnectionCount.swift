internal import Synchronization

/// The connections of one site over all loops, and their bound.
///
/// On any thread.
final class ConnectionCount: Sendable {
    private let count = Atomic<Int>(0)
    private let max: Int

    /// Bounds the connections.
    init(max: Int) {
        self.max = max
    }

    /// How many there are.
    var current: Int { count.load(ordering: .relaxed) }

    /// Counts one more; false where that is beyond the bound.
    func enter() -> Bool {
        guard count.wrappingAdd(1, ordering: .relaxed).oldValue < max else {
            count.wrappingSubtract(1, ordering: .relaxed)
            return false
        }
        return true
    }

    /// Counts one less.
    func leave() {
        count.wrappingSubtract(1, ordering: .relaxed)
    }
}
