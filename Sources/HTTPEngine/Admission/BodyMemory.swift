internal import Synchronization

/// The memory that bodies coming in may take, over all connections (contract 6).
///
/// On any thread.
final class BodyMemory: Sendable {
    /// What is taken at once, in bytes: the counter is shared, so it is touched rarely.
    static let blockBytes = 64 << 10

    private let taken = Atomic<Int>(0)
    /// How much there is.
    let bytesMax: Int

    /// Bounds the memory.
    init(bytesMax: Int) {
        self.bytesMax = max(0, bytesMax)
    }

    /// Bytes that are taken.
    var takenBytes: Int { taken.load(ordering: .relaxed) }

    /// Takes memory, where there is enough of it.
    func take(_ bytes: Int) -> Bool {
        let before = taken.wrappingAdd(bytes, ordering: .relaxed).oldValue
        guard before <= bytesMax - bytes else {
            taken.wrappingSubtract(bytes, ordering: .relaxed)
            return false
        }
        return true
    }

    /// Gives memory back.
    func give(_ bytes: Int) {
        taken.wrappingSubtract(bytes, ordering: .relaxed)
    }
}
