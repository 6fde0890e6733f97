package import HTTPEngine
package import Journal
internal import Primitives

/// Writes every request that reached an endpoint into the journal, and refuses new ones while it takes none.
///
/// May be used on any thread. Without a mask for what is secret nothing is written: that is so where nothing is kept.
package final class RequestRecorder: Sendable {
    /// Header fields of every 2xx of a listener: they say so where it came before the disk had what it answers.
    let answerFields: [(name: String, value: String)]
    private let commit: JournalCommit
    private let mask: RequestRedactor?
    private let pace = Lock(RefusalPace())
    /// The most bytes of a body whose callback's record the journal takes.
    private let callbackBytesMax: Int

    /// The most bytes that are kept of a body that was refused.
    private static let refusedBytesMax = 64 << 10
    /// The most bytes that are kept of any body; what a request did stands in records of its own.
    private static let keptBytesMax = 16 << 20

    /// Makes a recorder.
    ///
    /// - Parameters:
    ///   - commit: Where requests are written.
    ///   - mask: Hides what is secret in them; without one nothing is written.
    ///   - isRelaxed: Whether answers leave before the disk has what they tell of.
    package init(commit: JournalCommit, mask: RequestRedactor?, isRelaxed: Bool) {
        self.commit = commit
        self.mask = mask
        let bytesMax = commit.recordBytesMax
        callbackBytesMax = (bytesMax - min(Self.headRoom, bytesMax / 4)) / 2
        answerFields = isRelaxed ? [(name: "Sluice-Durability", value: "relaxed")] : []
    }

    /// What is kept of a request; nil where nothing is written.
    ///
    /// `known` are the calling loop's own.
    func trace(_ request: borrowing Request, known: LedgerHeadCache? = nil) -> RequestTrace? {
        guard let mask else { return nil }
        let verdict = request.sender.map { SenderVerdict(.verified, by: $0) }
        return RequestTrace(request, mask: mask, known: known, verdict: verdict)
    }

    /// What the ledger keeps of a body: the bytes as they came, without what an endpoint says is secret in them.
    func kept(_ body: RawSpan, _ form: RequestBody, without redacted: RedactedParts) -> [UInt8] {
        guard !redacted.bodies.isEmpty, let mask else { return body.copied }
        return BodyRedaction(places: redacted.bodies, mask: mask).kept(body, form)
    }

    /// Why a callback with a body of this size is not taken; nil where it is.
    ///
    /// Its record holds the body, and the result again where that is made of it: both must fit.
    func refusal(callbackBytes: Int) -> Problem? {
        guard callbackBytes > callbackBytesMax else { return refusal }
        return Problem(
            status: 413,
            code: .bodyTooLarge,
            detail: "A callback that is kept on disk may have at most \(callbackBytesMax) bytes."
        )
    }

    /// What a record may hold beside a body: header fields, names, ids; a quarter where records are small.
    private static let headRoom = 256 << 10

    /// Why requests are not taken at present; nil where they are.
    var refusal: Problem? {
        if let reason = commit.refusal {
            return Problem(
                status: 503,
                code: .journalUnavailable,
                detail: "The request could not be stored: \(reason); send it again later.",
                retryAfterSeconds: 5
            )
        }
        return nil
    }

    /// Writes down what became of a request; nobody waits for it.
    ///
    /// - Returns: The number of the entry; 0 where nothing is written.
    @discardableResult
    func note(
        _ trace: RequestTrace,
        _ requestID: UUIDv7,
        _ endpoint: String,
        body: [UInt8],
        _ fate: RequestFate
    ) -> UInt64 {
        guard commit.refusal == nil else { return 0 }
        let max = fate.status == .rejected ? Self.refusedBytesMax : Self.keptBytesMax
        let kept = body.count > max ? Array(body.prefix(max)) : body
        let entry = trace.entry(requestID, endpoint: endpoint, body: kept, fate)
        return commit.note(.received(entry))
    }

    /// Writes down a request for an endpoint that the HTTP engine refused by itself, unless there were too many in this second.
    func noteRefused(
        _ request: borrowing Request,
        body: RawSpan,
        endpoint: String,
        _ problem: Problem,
        without redacted: RedactedParts = RedactedParts()
    ) {
        let verdict = problem.verifier.map {
            SenderVerdict(.refused, by: $0, reason: problem.code.rawValue)
        }
        guard let trace = pacedTrace(request, verdict) else { return }
        let fate = RequestFate(
            status: .rejected,
            code: problem.code,
            note: problem.toldOperator
        )
        // What there is of it may end in the middle of a secret.
        let kept = redacted.bodies.isEmpty ? Self.keptOfRefused(body) : []
        note(trace, request.requestID, endpoint, body: kept, fate)
    }

    /// Writes down a handshake that was answered, unless there were too many in this second.
    ///
    /// - Parameters:
    ///   - name: Which handshake.
    ///   - verifier: Whose.
    ///   - request: The request.
    ///   - body: Its body.
    ///   - endpoint: What the ledger calls its endpoint.
    func noteHandshake(
        _ name: String,
        by verifier: String,
        _ request: borrowing Request,
        body: RawSpan,
        endpoint: String
    ) {
        guard let trace = pacedTrace(request, SenderVerdict(.handshake, by: verifier)) else {
            return
        }
        let fate = RequestFate(
            status: .handshake,
            note: verifier == name
                ? "The handshake \(name) was answered."
                : "The handshake \(name) of \(verifier) was answered."
        )
        note(trace, request.requestID, endpoint, body: Self.keptOfRefused(body), fate)
    }

    /// What is kept of a request that was not handled; nil where nothing is written, or there were too many in this second.
    private func pacedTrace(
        _ request: borrowing Request,
        _ verdict: SenderVerdict?
    ) -> RequestTrace? {
        guard let mask, commit.refusal == nil else { return nil }
        let trace = RequestTrace(request, mask: mask, verdict: verdict)
        return pace.withLock({ $0.takes(at: trace.time) }) ? trace : nil
    }

    /// What is kept of a body that was refused.
    static func keptOfRefused(_ body: RawSpan) -> [UInt8] {
        body.extracting(first: min(body.byteCount, refusedBytesMax)).copied
    }

    /// What is kept of a body that was refused, of which secrets are taken out.
    static func keptOfRefused(_ body: [UInt8]) -> [UInt8] {
        body.count > refusedBytesMax ? Array(body.prefix(refusedBytesMax)) : body
    }

    /// Whether a request's body was, or may have been, longer than what is kept of it.
    package static func isCut(_ request: ReceivedRequest) -> Bool {
        let length = request.headerPairs.first { $0.name == "content-length" }
        if let length = length.flatMap({ Int($0.value) }) { return length != request.body.count }
        let max = request.status == .rejected ? refusedBytesMax : keptBytesMax
        return request.body.count == max || request.code == ProblemCode.bodyTooLarge.rawValue
    }

    /// What a sender is told whose request was taken, but could not be stored.
    package static var notStored: Problem {
        Problem(
            status: 503,
            code: .journalUnavailable,
            detail: "The request could not be stored; send it again later.",
            retryAfterSeconds: 5
        )
    }
}
