package import Executor
internal import HTTPEngine
internal import HTTPWire
internal import Journal
package import Primitives
internal import Synchronization
internal import Verification

/// Verifies what takes longer than a loop has, fetches keys, and remembers what must not come twice.
///
/// May be used on any thread; one for the process.
package final class VerificationService: Sendable {
    /// How many requests may be held for being verified at once, unless `server.max_verifying_count` says otherwise.
    package static let verifyingCountMax = 256

    private let pool: WorkerPool
    private let recorder: RequestRecorder
    private let keys: KeyFetching
    private let log: Log
    private let countMax: Int
    private let count = Atomic(0)
    private let once = Lock(OnceTokens())
    /// The present, by which signatures are too old or too new.
    let now: @Sendable () -> WallTime

    /// A check asks for keys at most so often.
    private static let roundsMax = 3

    /// Makes a service.
    ///
    /// - Parameters:
    ///   - pool: Where checks are carried out.
    ///   - recorder: Where handshakes are noted.
    ///   - countMax: How many requests may be held at once.
    ///   - fetch: Asks a URL with GET; no redirect is followed.
    ///   - now: The present.
    ///   - log: Where lines go.
    package init(
        pool: WorkerPool,
        recorder: RequestRecorder,
        countMax: Int,
        fetch: @escaping KeyFetching.Fetch,
        now: @escaping @Sendable () -> WallTime,
        log: Log
    ) {
        self.pool = pool
        self.recorder = recorder
        self.countMax = countMax
        self.now = now
        self.log = log
        keys = KeyFetching(fetch, log: log)
    }

    /// The keys that were fetched, as they are.
    var ring: KeyRing { keys.ring }

    /// Takes a place for a request that will be held; false where there is none.
    func begin() -> Bool {
        if count.add(1, ordering: .relaxed).newValue <= countMax { return true }
        end()
        return false
    }

    /// Gives the place back.
    func end() {
        count.subtract(1, ordering: .relaxed)
    }

    /// Verifies a request on a worker; `done` is called once, on any thread, and never with the need of a key.
    func verify(
        _ request: SenderRequest,
        _ body: KeptBody,
        _ verifier: Verifier,
        _ done: @escaping @Sendable (VerificationOutcome) -> Void
    ) {
        verify(request, body, verifier, round: 0, done)
    }

    private func verify(
        _ request: SenderRequest,
        _ body: KeptBody,
        _ verifier: Verifier,
        round: Int,
        _ done: @escaping @Sendable (VerificationOutcome) -> Void
    ) {
        let isTaken = pool.submit(
            Work { [self] in
                let outcome = body.bytes.withRawSpan { body in
                    body.withBytes { verifier.check(request, body: $0, ring: ring, now: now()) }
                }
                keys.refresh(verifier.keySetURLs)
                guard case .needsKey(let need) = outcome else { return done(outcome) }
                guard round < Self.roundsMax else { return done(.refused(.keysUnavailable)) }
                keys.demand(need) { [self] refusal in
                    if let refusal { return done(.refused(refusal)) }
                    verify(request, body, verifier, round: round + 1, done)
                }
            }
        )
        if !isTaken { done(.refused(.keysUnavailable)) }
    }

    /// Remembers what must not come twice; false where any of it came before.
    func takeOnce(_ tokens: [String], at endpoint: String) -> Bool {
        guard !tokens.isEmpty else { return true }
        return once.withLock { $0.take(tokens, at: endpoint) }
    }

    /// Has the ledger note a handshake that is answered.
    func noteHandshake(
        _ answer: HandshakeAnswer,
        _ endpoint: VerifiedEndpoint,
        _ request: borrowing Request,
        _ body: RawSpan
    ) {
        recorder.noteHandshake(
            answer.name,
            by: endpoint.verifier.name,
            request,
            body: body,
            endpoint: endpoint.name
        )
        log(
            .info,
            "Handshake answered",
            [
                .init("handshake", answer.name), .init("endpoint", endpoint.name),
                .init("request_id", request.requestID.text),
            ]
        )
    }

    /// Asks the URL that confirms a subscription, once.
    func visit(_ url: String, for handshake: String) {
        keys.visit(url) { [log] status in
            let isDone = status.map { (200..<300).contains($0) } ?? false
            log(
                isDone ? .info : .warning,
                isDone
                    ? "Subscription confirmed"
                    : "A subscription could not be confirmed: confirm it in the sender's console",
                [.init("handshake", handshake), .init("status", status ?? 0)]
            )
        }
    }
}
