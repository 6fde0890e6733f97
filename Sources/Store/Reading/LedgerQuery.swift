package import Journal
package import Primitives

/// Which requests of the ledger are listed, and how many.
package struct LedgerQuery: Sendable {
    /// What became of them; empty for all.
    package var statuses: Set<ReceivedRequest.Status> = []
    /// A part of the endpoint's name; nil for all.
    package var endpoint: String?
    /// Only requests that came at this moment or later.
    package var since: WallTime?
    /// Only requests that came before this moment.
    package var until: WallTime?
    /// The key they, or an item of theirs, were read to have; nil for all.
    package var key: [UInt8]?
    /// The run they went to, or that they started; nil for all.
    package var run: UUIDv7?
    /// Only requests older than this one.
    package var before: UUIDv7?
    /// How many at most.
    package var limit = 50

    /// Asks for the newest of all.
    package init() {}
}
