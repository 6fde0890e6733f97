package import Primitives

/// Where runs are kept that are not in memory.
///
/// May be used on any thread but a loop's: reading blocks.
package protocol RunStore: Sendable {
    /// Notes that a run does nothing but wait for callbacks, once everything up to `number` is stored; any later event of
    /// the run takes that back.
    func notePark(_ run: UUIDv7, after number: UInt64)

    /// The run with an id; nil where it is unknown.
    func run(_ id: UUIDv7) throws(StoreError) -> StoredRun?

    /// The newest runs that a query names, newest first, one more than its page where there are more.
    func runs(_ query: RunQuery) throws(StoreError) -> [StoredRunLine]
}
