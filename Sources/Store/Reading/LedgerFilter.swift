internal import Journal
internal import Primitives

/// Tells which requests a query means.
struct LedgerFilter {
    /// The query.
    let query: LedgerQuery
    /// Only requests under lower numbers; nil for all, and where the request to begin before is not there any more.
    var numberMax: UInt64?
    /// Held requests that the run fetched later.
    var fetched: Set<UInt64> = []
    /// The request that started the run.
    var starter: UUIDv7?
    /// The print of the query's key (``ItemPrints``).
    private let keyPrint: UInt64?

    /// Makes the filter of a query.
    init(_ query: LedgerQuery) {
        self.query = query
        keyPrint = query.key.map { ItemPrints.print($0.span) }
    }

    /// What a chunk's prints must tell of, any of it; nil where they do not help.
    var sought: [RequestFingerprints.Sought]? {
        if let run = query.run {
            return [.run(run)] + (starter.map { [.id($0)] } ?? [])
        }
        return query.key.map { [.key($0)] }
    }

    /// Whether a request is meant.
    func takes(_ entry: LedgerEntry) -> Bool {
        if let numberMax {
            guard entry.number < numberMax else { return false }
        } else if let before = query.before, !(entry.request.id < before) {
            return false
        }
        if !query.statuses.isEmpty, !query.statuses.contains(entry.status) { return false }
        if let since = query.since, entry.request.time < since { return false }
        if let until = query.until, entry.request.time >= until { return false }
        if let key = query.key, entry.request.key != key {
            guard let keyPrint, entry.request.items.holds(keyPrint) else { return false }
        }
        if let endpoint = query.endpoint, !entry.request.endpoint.contains(endpoint) {
            return false
        }
        guard let run = query.run else { return true }
        return entry.run == run || entry.request.id == starter || fetched.contains(entry.number)
    }
}
