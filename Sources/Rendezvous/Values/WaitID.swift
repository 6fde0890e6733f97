package import Primitives

/// Which try of which step of which run waits; a wait is registered once under its id.
package struct WaitID: Hashable, Sendable {
    /// The run.
    package let run: UUIDv7
    /// The step instance's place in the run.
    package let step: UInt32
    /// The try, from 1.
    package let attempt: UInt32

    /// Names a wait.
    package init(run: UUIDv7, step: UInt32, attempt: UInt32) {
        self.run = run
        self.step = step
        self.attempt = attempt
    }
}

/// What ties a callback to a waiter: a text within a channel, compared byte by byte.
package struct WaitKey: Hashable, Sendable {
    /// The room in which the key counts.
    package let channel: Channel
    /// The key itself: 1 to 1,024 bytes; the caller checks that.
    package let bytes: [UInt8]

    /// Makes a key of a channel.
    package init(channel: Channel, bytes: [UInt8]) {
        self.channel = channel
        self.bytes = bytes
    }

    /// The most bytes a key may have.
    package static let bytesMax = 1024
}

/// A wait with several keys: one node for each of them, which may lie in different shards.
///
/// It never changes; a further key makes a new one. Whoever ends the wait holds the locks of all its shards.
final class WaitGroup: Sendable {
    /// One node of the wait.
    struct Member {
        let shard: Int
        let node: UInt32
    }

    let id: WaitID
    /// In the order the keys were given; the first one carries the deadline and is where the wait is looked up.
    let members: [Member]
    /// Their shards, ascending and each once.
    let shards: [Int]

    init(id: WaitID, members: [Member]) {
        self.id = id
        self.members = members
        shards = Set(members.map(\.shard)).sorted()
    }
}

/// A key of a wait, and the journal number under which the wait was given it.
///
/// Of several waits for one key the one that was given it first gets the first callback.
package struct NumberedKey: Hashable, Sendable {
    /// The key.
    package let key: WaitKey
    /// When the wait was given it.
    package let number: UInt64

    /// Makes a key with its number.
    package init(_ key: WaitKey, _ number: UInt64) {
        self.key = key
        self.number = number
    }
}
