package import Primitives
package import Rendezvous

/// What an endpoint adds to a callback it takes.
package struct ArrivalFacts {
    /// What the endpoint is called.
    let endpoint: String
    /// What makes it the same callback.
    let fingerprint: Fingerprint
    /// Whether it leaves its keys open to other callbacks (`reuse_keys`).
    let reusesKey: Bool
    /// When it came.
    package let time: WallTime

    /// Takes what an endpoint says of a callback.
    package init(endpoint: String, fingerprint: Fingerprint, reusesKey: Bool, time: WallTime) {
        self.endpoint = endpoint
        self.fingerprint = fingerprint
        self.reusesKey = reusesKey
        self.time = time
    }
}

/// The request that carried one callback alone, as the journal keeps it with that callback.
package struct ArrivalRequest {
    /// What is kept of it beside its body.
    package let trace: RequestTrace
    /// Its body.
    let body: [UInt8]

    /// Pairs a request's trace with its body.
    package init(trace: RequestTrace, body: [UInt8]) {
        self.trace = trace
        self.body = body
    }
}

/// A callback on its way into a record: written from what is at hand, with nothing made on the way.
///
/// What is written, ``CallbackArrival`` reads.
package struct ArrivalDraft {
    /// What its endpoint read: key, status, result.
    let callback: CallbackRecord
    /// What its endpoint adds.
    package let facts: ArrivalFacts
    /// The request's own parts, where it carried this callback alone.
    let request: ArrivalRequest?
    /// What became of it.
    let status: ReceivedRequest.Status

    /// Puts a callback's record together.
    package init(
        callback: CallbackRecord,
        facts: ArrivalFacts,
        request: ArrivalRequest?,
        status: ReceivedRequest.Status
    ) {
        self.callback = callback
        self.facts = facts
        self.request = request
        self.status = status
    }
}
