internal import Journal
internal import Primitives
internal import Rendezvous

/// What a batch of records comes to, before it is written.
///
/// What is made and ended again within the batch leaves nothing to write, or only what stays.
struct Draft {
    /// The records that are about runs.
    var records: [NumberedRecord] = []
    /// What they mean for runs.
    var steps: [RunStep] = []
    /// The births in it.
    var births: [BirthOutline] = []
    /// The callbacks in it that ended a wait at once.
    var deliveries: [DeliveryOutline] = []
    /// What was held and ended a wait in it, by the number of the record that says so.
    var fetched: [UInt64: HeldPrint] = [:]
    /// The callbacks that it holds and that are still held at its end, by number.
    var held: [UInt64: HeldDraft] = [:]
    /// Those numbers by the request they came in.
    var heldOf: [UUIDv7: [UInt64]] = [:]
    /// Held callbacks of earlier batches that are held no more.
    var heldGone: Set<UInt64> = []
    /// Requests, as chunks.
    var requests = RequestChunks()
    /// What became of held requests.
    var fates: [UInt64: RequestFateRow] = [:]
    /// Requests that started runs, by number.
    var claims: [(number: UInt64, claim: Claim)] = []
    /// Configuration texts, by fingerprint.
    var texts: [Fingerprint: (number: UInt64, bytes: [UInt8])] = [:]

    /// What the mark of a callback that was held has to tell.
    struct HeldPrint {
        let fingerprint: Fingerprint
        let isOlderPrint: Bool
        let reusesKey: Bool
    }
}
