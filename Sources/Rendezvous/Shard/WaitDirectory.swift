internal import Primitives

/// One part of the way from a wait's id to its leading node, reached under its lock only.
///
/// A wait that ends is taken out later, with fifteen others: its slot lies in no cache, and slots that are asked for
/// together come together. Until then it may still be found, so whoever finds a wait looks whether it is open.
struct WaitDirectory: ~Copyable {
    private static var leavingMax: Int { 16 }

    private var index = HashIndex()
    private var leaving = [16 of UInt64](repeating: 0)
    private var leavingCount = 0

    /// How many waits there are that have not ended.
    var count: Int { index.count - leavingCount }

    /// Shows the places under a hash, those of waits that have just ended among them.
    func forEach(hash: UInt32, _ body: (UInt32) -> Void) {
        _ = index.first(hash: hash) { place in
            body(place)
            return false
        }
    }

    /// Adds the place of a wait.
    mutating func insert(hash: UInt32, place: UInt32) {
        index.insert(hash: hash, value: place)
    }

    /// Takes the place of a wait out that is there.
    @inline(__always)
    mutating func remove(hash: UInt32, place: UInt32) {
        leaving[leavingCount] = UInt64(hash) << 32 | UInt64(place)
        leavingCount += 1
        if leavingCount == Self.leavingMax { empty() }
    }

    private mutating func empty() {
        for slot in 0..<leavingCount {
            index.prefetch(hash: UInt32(truncatingIfNeeded: leaving[slot] >> 32))
        }
        for slot in 0..<leavingCount {
            index.remove(
                hash: UInt32(truncatingIfNeeded: leaving[slot] >> 32),
                value: UInt32(truncatingIfNeeded: leaving[slot])
            )
        }
        leavingCount = 0
    }
}
