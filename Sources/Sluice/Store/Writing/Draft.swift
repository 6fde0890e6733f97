internal import Primitives
internal import Rendezvous

/// What a batch of records comes to, before it is written.
///
/// What is made and ended again within the batch leaves nothing to write, or only what stays.
struct Draft {
    /// The runs that the batch changes.
    var runs: [UUIDv7: RunDraft] = [:]
    /// Those of them that are born in it.
    var births: [RunBirth] = []
    /// Their events.
    var events: [EventDraft] = []
    /// The waits that it opens, changes or ends.
    var waits: [WaitID: WaitDraft] = [:]
    /// The callbacks that it holds and that are still held at its end, by number.
    var held: [UInt64: HeldDraft] = [:]
    /// Those numbers by the request they came in.
    var heldOf: [UUIDv7: [UInt64]] = [:]
    /// Held callbacks of earlier batches that are held no more.
    var heldGone: Set<UInt64> = []
    /// Ends of waits, as chunks.
    var marks = MarkChunks()
    /// Ends of waits that leave their keys open.
    var reusable: [WaitKey: [StoredMark]] = [:]
    /// The keys whose earlier marks of that kind go.
    var retired: Set<WaitKey> = []
    /// Requests, as chunks.
    var requests = RequestChunks()
    /// What became of held requests.
    var fates: [UInt64: RequestFateRow] = [:]
    /// Requests that started runs, by number.
    var claims: [(number: UInt64, claim: Claim)] = []
    /// Configuration texts, by fingerprint.
    var texts: [Fingerprint: (number: UInt64, bytes: [UInt8])] = [:]
}
