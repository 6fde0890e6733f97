internal import CCurl
package import Loops
package import Primitives
internal import Synchronization

/// Sends HTTP requests: libcurl on loops of its own, with connections that are used again.
///
/// HTTP/1.1, and HTTP/2 where a TLS server offers it. Every request ends exactly once. May be used on any thread.
package final class HTTPClient: Sendable {
    private let group: LoopGroup
    private let loops: [LoopBound<ClientLoop>]
    private let nextNumber = Atomic<UInt64>(0)

    /// Starts the client.
    ///
    /// - Parameters:
    ///   - threads: How many loops; the requests take turns.
    ///   - maxConcurrentCount: How many requests are on their way at once; others wait, first come first served.
    ///     0 means unbounded.
    ///   - userAgent: Sent where a request gives none.
    ///   - log: Hears what an operator should know of the client.
    /// - Throws: ``LoopError`` when the system has no thread or descriptor to give.
    package init(
        threads: Int,
        maxConcurrentCount: Int,
        userAgent: String = "sluice",
        log: Log
    ) throws(LoopError) {
        _ = HTTPClient.isCurlReady
        if sluice_curl_resolves_in_background() == 0 {
            log(.warning, "this libcurl looks host names up while other requests wait")
        }
        let group = try LoopGroup(threads: max(1, threads), name: "client")
        // What is kept back of the process's descriptors must be enough, for files too.
        let most = max(1, ProcessLimits.reservedFiles / 2)
        let bounded = maxConcurrentCount > 0 ? min(maxConcurrentCount, most) : 0
        let places = HTTPClient.shares(of: bounded, among: group.ports.count)
        let made = Lock<[LoopBound<ClientLoop>]>([])
        do {
            try group.onEach { loop in
                let client = try ClientLoop(
                    loop: loop,
                    concurrentMax: places[loop.index],
                    userAgent: userAgent
                )
                let bound = LoopBound(client, on: loop)
                made.withLock { $0.append(bound) }
            }
        } catch {
            group.stop()
            throw (error as? LoopError) ?? .stopped
        }
        self.group = group
        loops = made.withLock { $0 }
    }

    deinit {
        stop()
    }

    /// Sends a request.
    ///
    /// - Parameters:
    ///   - request: What to send.
    ///   - onFinish: Called exactly once, on a thread of the client (on the caller's after ``stop()``); it must not
    ///     block.
    /// - Returns: The name under which it can be cancelled.
    @discardableResult
    package func send(
        _ request: OutboundRequest,
        onFinish: @escaping @Sendable (Result<OutboundResponse, OutboundError>) -> Void
    ) -> OutboundID {
        let number = nextNumber.wrappingAdd(1, ordering: .relaxed).oldValue
        let bound = place(of: number)
        let call = OutboundCall(
            request: request,
            deadline: Instant.now().advanced(by: request.timeout),
            onFinish: onFinish
        )
        let isTaken = bound.port.post { bound.get(on: $0).take(number, call) }
        if !isTaken { onFinish(.failure(.cancelled)) }
        return OutboundID(number: number)
    }

    /// Ends a request with ``OutboundError/cancelled``, unless it has ended already.
    package func cancel(_ id: OutboundID) {
        let bound = place(of: id.number)
        bound.port.post { bound.get(on: $0).cancel(id.number) }
    }

    /// Ends all that is on its way or waits with ``OutboundError/cancelled``, and the threads; waits for them.
    ///
    /// In an `onFinish` it does not wait for that thread. What is sent later ends as cancelled at once.
    package func stop() {
        for bound in loops { bound.port.post { bound.get(on: $0).stop() } }
        group.stop()
    }

    private func place(of number: UInt64) -> LoopBound<ClientLoop> {
        loops[Int(number % UInt64(loops.count))]
    }

    private static func shares(of total: Int, among count: Int) -> [Int] {
        if total <= 0 { return Array(repeating: .max, count: count) }
        return (0..<count).map { max(1, total / count + ($0 < total % count ? 1 : 0)) }
    }

    private static let isCurlReady: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
}
