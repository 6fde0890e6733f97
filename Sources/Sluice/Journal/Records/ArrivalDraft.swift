internal import Primitives
internal import Rendezvous

/// What an endpoint adds to a callback it takes.
struct ArrivalFacts {
    /// What the endpoint is called.
    let endpoint: String
    /// What makes it the same callback.
    let fingerprint: Fingerprint
    /// Whether it leaves its keys open to other callbacks (`reuse_keys`).
    let reusesKey: Bool
    /// When it came.
    let time: WallTime
}

/// A callback on its way into a record: written from what is at hand, with nothing made on the way.
///
/// What is written, ``CallbackArrival`` reads.
struct ArrivalDraft {
    /// What its endpoint read: key, status, result.
    let callback: CallbackRecord
    /// What its endpoint adds.
    let facts: ArrivalFacts
    /// The request's own parts, where it carried this callback alone.
    let request: CallbackIntake.Origin.Entry?
    /// What became of it.
    let status: ReceivedRequest.Status
}
