/// Where a log ends: the segment and the offset that the next batch goes to.
struct LogTail: Sendable {
    let segment: OpenSegment
    let offset: Int
}
