internal import Journal
internal import Primitives

/// What is written in one transaction: the records of one or more commits.
struct StoreLoad: Sendable {
    /// The records in ascending order, a list a commit: putting them into one would copy them all.
    var commits: [[NumberedRecord]] = []
    /// The number up to which everything is settled.
    var through: UInt64 = 0
    /// How many records there are.
    var count = 0
    /// How many bytes they have.
    var bytes = 0
    /// Whether it ends the replay of the log: what was written before was there when the process began.
    var endsReplay = false
    /// The ticket of the newest commit in it.
    var ticket: UInt64 = 0

    /// A load that has this many records takes no more.
    static let recordsMax = 16_384
    /// A load of this many bytes takes no more.
    static let bytesMax = 16 << 20

    /// Whether a load of this size takes no more.
    static func isFull(records: Int, bytes: Int) -> Bool {
        records >= recordsMax || bytes >= bytesMax
    }

    /// Takes the records of a later commit in.
    mutating func add(_ other: StoreLoad) {
        commits += other.commits
        through = max(through, other.through)
        count += other.count
        bytes += other.bytes
        endsReplay = endsReplay || other.endsReplay
        ticket = other.ticket
    }
}
