internal import Journal
internal import Primitives

/// What became of a held request after it was written.
struct RequestFateRow {
    /// Its status by now.
    let status: ReceivedRequest.Status
    /// The run it went to.
    let run: UUIDv7?
}
