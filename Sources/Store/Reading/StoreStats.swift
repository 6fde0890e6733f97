package import Primitives

/// What a store holds, in numbers.
package struct StoreStats: Sendable {
    /// Runs, ended ones included.
    package let runs: Int
    /// Runs that have not ended.
    package let openRuns: Int
    /// Events of runs.
    package let runEvents: Int
    /// Open waits.
    package let waits: Int
    /// Held callbacks.
    package let held: Int
    /// Remembered ends of waits, those past their time that were not yet removed included.
    package let marks: Int
    /// Remembered requests that started runs.
    package let claims: Int
    /// Requests in the ledger.
    package let requests: Int
    /// Configuration texts.
    package let texts: Int
    /// When the oldest request of the ledger came; nil where there is none.
    package let oldestRequest: WallTime?
    /// When the newest request of the ledger came; nil where there is none.
    package let newestRequest: WallTime?
    /// The bytes of the database that are in use.
    package let usedBytes: Int
    /// The bytes of the database that are free for what comes.
    package let freeBytes: Int
    /// The journal number up to which the store is complete.
    package let completeThrough: UInt64
    /// The version of the schema.
    package let schemaVersion: Int
}
