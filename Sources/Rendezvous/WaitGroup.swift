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
