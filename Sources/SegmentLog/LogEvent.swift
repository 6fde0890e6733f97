/// What the writer tells its owner, on the writer's thread, in order.
package enum LogEvent: Sendable, Hashable {
    /// Every record up to this sequence may be acknowledged; once per batch.
    case committed(through: UInt64)
    /// Every record up to this sequence is on the medium; only told under `relaxed`.
    case synced(through: UInt64)
    /// The writer has failed: no record after this sequence is or will be acknowledged until it is
    /// reopened.
    ///
    /// Those after `unknownThrough` are gone for good. Those up to it were written and could not be taken back: whether the
    /// next opening finds them is not known; a reopening takes them back. Mostly there are none, and both are the same.
    case failed(after: UInt64, unknownThrough: UInt64, LogError)
}
