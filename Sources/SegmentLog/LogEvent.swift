/// What the writer tells its owner, on the writer's thread, in order.
package enum LogEvent: Sendable, Hashable {
    /// Every record up to this sequence may be acknowledged; once per batch.
    case committed(through: UInt64)
    /// Every record up to this sequence is on the medium; only told under `relaxed`.
    case synced(through: UInt64)
    /// The writer has failed: no record after this sequence is or will be acknowledged until it is
    /// reopened.
    case failed(after: UInt64, LogError)
}
