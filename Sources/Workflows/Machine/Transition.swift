internal import Primitives

/// What happens while one event is handled: the effects so far, and what is still to be begun.
///
/// Steps are begun from a queue and not by recursion, so that a long chain of quick steps needs no deep stack.
struct Transition {
    /// Something to begin.
    enum Work {
        case start(Int)
        case pump(Int)
        case iterate(Int)
    }

    let stamp: Stamp
    var effects: [Effect] = []
    var queue: [Work] = []
    private var head = 0
    private var words: (SplitMix64, SplitMix64)

    init(_ stamp: Stamp) {
        self.stamp = stamp
        words = (SplitMix64(seed: stamp.random.0), SplitMix64(seed: stamp.random.1))
        effects.reserveCapacity(8)
    }

    /// The next thing to begin, first come, first served.
    mutating func next() -> Work? {
        guard head < queue.count else { return nil }
        head += 1
        return queue[head - 1]
    }

    /// A fresh id of the event's moment.
    mutating func newID() -> UUIDv7 {
        UUIDv7(time: stamp.wall, random: (words.0.next(), words.1.next()))
    }

    /// Fresh random bits.
    mutating func newBits() -> UInt64 {
        words.0.next() ^ words.1.next()
    }
}
