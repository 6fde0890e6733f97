internal import Primitives
internal import Verification

/// Fetches the keys that checks need, each of them once for all who wait for it.
///
/// ``RemoteKeys`` says what is fetched and when; here it is done. May be used on any thread.
package final class KeyFetching: Sendable {
    /// Asks a URL with GET; `done` is called once, on any thread, with the status and the body, or without a status where
    /// there was no answer, and the reason in place of the body.
    package typealias Fetch =
        @Sendable (_ url: String, _ done: @escaping @Sendable (Answer) -> Void) -> Void

    /// What a fetch came to.
    package enum Answer: Sendable {
        /// An answer of this status with this body.
        case answered(status: Int, body: [UInt8])
        /// None, for this reason.
        case failed(String)
    }

    /// What is known of keys, and who waits for them.
    private struct State {
        var keys = RemoteKeys()
        /// Who waits for the end of a fetch, by its URL.
        var waiting: [String: [@Sendable () -> Void]] = [:]
    }

    private let state = Lock(State())
    private let fetch: Fetch
    private let log: Log

    init(_ fetch: @escaping Fetch, log: Log) {
        self.fetch = fetch
        self.log = log
    }

    /// The keys as they are.
    var ring: KeyRing { state.withLock { $0.keys.ring } }

    private static var present: Int64 {
        Int64(clamping: Instant.now().nanoseconds / 1_000_000)
    }

    /// Has a key fetched; `done` is called once, when the check may be made again, or with the reason why it may not.
    func demand(
        _ need: KeyNeed,
        _ done: @escaping @Sendable (VerificationRefusal?) -> Void
    ) {
        let step = state.withLock { state -> RemoteKeys.Step in
            let step = state.keys.demand(need, now: Self.present)
            switch step {
            case .fetch, .wait: state.waiting[need.url, default: []].append { done(nil) }
            case .refuse: break
            }
            return step
        }
        switch step {
        case .fetch: fetch(need.url)
        case .wait: break
        case .refuse(let refusal): done(refusal)
        }
    }

    /// Fetches key sets anew that have been used for long.
    func refresh(_ urls: [String]) {
        for url in urls {
            let isDue = state.withLock { $0.keys.isRefreshDue(url, now: Self.present) }
            if isDue { fetch(url) }
        }
    }

    /// Asks a URL once, for the sake of asking; `done` gets the answer's status, nil for none.
    func visit(_ url: String, _ done: @escaping @Sendable (Int?) -> Void) {
        fetch(url) { answer in
            if case .answered(let status, _) = answer { done(status) } else { done(nil) }
        }
    }

    private func fetch(_ url: String) {
        fetch(url) { [self] answer in
            let (trouble, waiting) = state.withLock { state in
                var trouble: String?
                switch answer {
                case .answered(let status, let body):
                    trouble = state.keys.fetched(
                        url,
                        status: status,
                        body: body,
                        now: Self.present
                    )
                case .failed(let reason):
                    state.keys.failed(url)
                    trouble = reason
                }
                return (trouble, state.waiting.removeValue(forKey: url) ?? [])
            }
            if let trouble {
                log(
                    .warning,
                    "The keys of a sender could not be fetched: \(trouble)",
                    [.init("url", url)]
                )
            }
            for done in waiting { done() }
        }
    }
}
