import Glibc
import Outbound
import Primitives

/// How requests end, waited for with a deadline.
final class Outcomes: Sendable {
    private let results = SleepingLock<[Result<OutboundResponse, OutboundError>]>([])

    func add(_ result: Result<OutboundResponse, OutboundError>) {
        results.withLock { $0.append(result) }
    }

    var all: [Result<OutboundResponse, OutboundError>] { results.withLock { $0 } }

    /// Waits until there are `count`; what is there after ten seconds otherwise.
    func wait(for count: Int = 1) -> [Result<OutboundResponse, OutboundError>] {
        _ = eventually { self.all.count >= count }
        return all
    }
}

struct NoOutcome: Error {}

extension HTTPClient {
    /// Sends a request and waits for its end.
    func fetch(_ request: OutboundRequest) throws -> OutboundResponse {
        let outcomes = Outcomes()
        send(request) { outcomes.add($0) }
        guard let first = outcomes.wait().first else { throw NoOutcome() }
        return try first.get()
    }

    /// Sends a request that must fail, and gives the error.
    func failure(_ request: OutboundRequest) throws -> OutboundError {
        let outcomes = Outcomes()
        send(request) { outcomes.add($0) }
        guard case .failure(let error)? = outcomes.wait().first else { throw NoOutcome() }
        return error
    }
}

/// Waits until something is so, at most ten seconds.
func eventually(_ condition: () -> Bool) -> Bool {
    let deadline = ContinuousClock.now + .seconds(10)
    while ContinuousClock.now < deadline {
        if condition() { return true }
        _ = poll(nil, 0, 1)
    }
    return condition()
}

/// Runs a test with a client that is stopped at the end.
func withClient(
    threads: Int = 1,
    maxConcurrentCount: Int = 1000,
    _ body: (HTTPClient) throws -> Void
) throws {
    let client = try HTTPClient(
        threads: threads,
        maxConcurrentCount: maxConcurrentCount,
        userAgent: "sluice/test",
        log: .silent
    )
    defer { client.stop() }
    try body(client)
}

/// A loopback port that nobody listens on.
func closedPort() throws -> UInt16 {
    let server = try OutboundServerFixture.saying("")
    return server.port
}
